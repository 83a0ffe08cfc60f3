import assert from 'node:assert/strict';
import { it } from 'node:test';
import { secp256k1_hasher } from '@noble/curves/secp256k1.js';
import addon from 'secp256k1/bindings.js';
import { nativeGroup } from '../../native/nativeGroup.ts';
import { utf8ToBytes } from '../bytes.ts';
import { SECOND, SECOND_FROM } from './GroupPort.ts';
import { groupsCases } from './groups.cases.ts';
import { nobleGroup } from './nobleGroup.ts';

groupsCases(
  'JavaScript',
  async () => await Promise.resolve(nobleGroup),
  async () => await Promise.resolve(nativeGroup(addon)),
);

it('the second generator is what its text hashes to, so that nobody knows it as a multiple of the first', () => {
  const { message, separation } = SECOND_FROM;
  const hashed = secp256k1_hasher.hashToCurve(utf8ToBytes(message), { DST: separation });
  assert.deepEqual(hashed.toBytes(true), SECOND);
});
