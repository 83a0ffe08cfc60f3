import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import addon from 'secp256k1/bindings.js';
import { bytesToHex } from '../crypto/bytes.ts';
import { SECOND } from '../crypto/threshold/GroupPort.ts';
import { groupsCases } from '../crypto/threshold/groups.cases.ts';
import { nobleGroup } from '../crypto/threshold/nobleGroup.ts';
import { scalarBytes } from '../crypto/threshold/scalars.ts';
import { nativeGroup } from './nativeGroup.ts';

groupsCases(
  'bitcoin-core’s library',
  async () => await Promise.resolve(nativeGroup(addon)),
  async () => await Promise.resolve(nobleGroup),
);

describe('a secret in bitcoin-core’s library', () => {
  it('is looked at by the library alone, whose time does not depend on it', () => {
    let asked: string[] = [];
    const watched = {
      ...addon,
      privateKeyVerify(secret: Uint8Array) {
        asked.push(bytesToHex(secret));
        return addon.privateKeyVerify(secret);
      },
    };
    const group = nativeGroup(watched);
    const [one, two] = [scalarBytes(11n), scalarBytes(12n)];
    const uses = [
      [() => group.base(one), [one]],
      [() => group.second(one), [one]],
      [() => group.multiply(SECOND, one), [one]],
      [() => group.respond(one, 3n, two), [one, two]],
    ] as const;
    for (const [use, secrets] of uses) {
      asked = [];
      use();
      assert.deepEqual(asked, secrets.map(bytesToHex));
    }
  });
});
