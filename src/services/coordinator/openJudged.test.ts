import assert from 'node:assert/strict';
import { it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { encryptBodies } from '../../log/encryptBodies.ts';
import { openJudged } from './openJudged.ts';

function random(count: number): Uint8Array {
  return new Uint8Array(count).fill(7);
}

it('the row of a judged body opens for its entry alone, and only unaltered', () => {
  const bodies = encryptBodies({
    storageKey: random(32),
    random,
    primitives: portablePrimitives,
  });
  const body = utf8ToBytes('{"flag":"A"}');
  const [entry, other] = [body, utf8ToBytes('other')].map((each) =>
    bytesToHex(portablePrimitives.sha256(each)),
  );
  assert.ok(entry && other);
  const row = Uint8Array.from(bodies.seal(0, body));
  assert.deepEqual(openJudged(bodies, entry, row), body);
  assert.equal(openJudged(bodies, other, row), undefined);
  assert.equal(openJudged(bodies, entry, row.with(40, 0)), undefined);
  assert.equal(openJudged(bodies, entry, undefined), undefined);
});
