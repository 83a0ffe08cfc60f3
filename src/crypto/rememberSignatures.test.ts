import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { ed25519Cases } from './ed25519.cases.ts';
import { portablePrimitives } from './portablePrimitives.ts';
import type { Primitives } from './Primitives.ts';
import { primitivesCases } from './primitives.cases.ts';
import { rememberSignatures } from './rememberSignatures.ts';

primitivesCases('rememberSignatures', () => rememberSignatures(portablePrimitives));
ed25519Cases('rememberSignatures', () => rememberSignatures(portablePrimitives));

/** Primitives that remember, and the number of signatures that were recovered. */
function counting(): { readonly count: () => number; readonly primitives: Primitives } {
  let asked = 0;
  const primitives = rememberSignatures({
    ...portablePrimitives,
    recover(digest, signature) {
      asked++;
      return portablePrimitives.recover(digest, signature);
    },
  });
  return { count: () => asked, primitives };
}

describe('rememberSignatures', () => {
  const secret = new Uint8Array(32).fill(7);
  const digest = new Uint8Array(32).fill(1);
  const signature = portablePrimitives.sign(digest, secret);

  it('recovers the same signature of the same digest once, and another of either again', () => {
    const { count, primitives } = counting();
    const key = portablePrimitives.publicKey(secret);
    assert.deepEqual(
      [primitives.recover(digest, signature), primitives.recover(digest, signature)],
      [key, key],
    );
    assert.equal(count(), 1);
    const other = new Uint8Array(32).fill(2);
    assert.notDeepEqual(primitives.recover(other, signature), key);
    assert.deepEqual(primitives.recover(other, portablePrimitives.sign(other, secret)), key);
    assert.equal(count(), 3);
  });

  it('gives a key that its caller may change', () => {
    const { primitives } = counting();
    primitives.recover(digest, signature).fill(0);
    assert.deepEqual(primitives.recover(digest, signature), portablePrimitives.publicKey(secret));
  });

  it('remembers no refusal, and takes a refused signature for no other', () => {
    const { count, primitives } = counting();
    const wrong = signature.slice(0, 64);
    for (let time = 0; time < 2; time++) {
      assert.throws(
        () => primitives.recover(digest, wrong),
        (error) => isMedsealError(error, 'SIGNATURE_INVALID'),
      );
    }
    assert.equal(count(), 2);
  });
});
