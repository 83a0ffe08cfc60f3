import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concat, keccak256, numberToHex, stringToHex, type Hex } from 'viem';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import { requestTypes } from '../../protocol/struct/requestTypes.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { consortium, movedTerms, stakedSuccessor } from '../../protocol/test/sampleConsortium.ts';
import { primitives, word } from '../../protocol/test/sampleNetwork.ts';
import { hashStruct } from '../../protocol/struct/typedData.ts';
import type { ComingChange } from '../home/comingChanges.ts';
import { begunChanges } from './begunChanges.ts';

/** Changes that the contracts hold as begun, in the words where they hold them. */

const READY = 1_900_000_000;
const terms = movedTerms(consortium, ['pharmacy'], ['hospital']);
const successor = stakedSuccessor(consortium, terms, ['laboratory', 'insurer']);
const after = successorOf(primitives, consortium, successor);
const { number, from } = successor;
const fingerprint = fingerprintOf(primitives, after);
const coming: ComingChange = {
  placed: { number, from, fingerprint },
  successor,
  before: consortium,
  after,
};
const joins = word('validator of pharmacy');
const leaves = word('validator of hospital');

/** A ledger whose words are these, and zero else. */
function holding(...entries: readonly [Hex, number, bigint, bigint][]): LedgerProvider {
  const words = new Map<string, bigint>();
  for (const [key, slot, hash, rest] of entries) {
    const place = BigInt(keccak256(concat([key, numberToHex(slot, { size: 32 })])));
    words.set(numberToHex(place, { size: 32 }), hash);
    words.set(numberToHex(place + 1n, { size: 32 }), rest);
  }
  return {
    request: async ({ method, params = [] }) => {
      assert.equal(method, 'eth_getStorageAt');
      const value = words.get(String(params[1])) ?? 0n;
      return await Promise.resolve(numberToHex(value, { size: 32 }));
    },
  };
}

/** The change of a key's stake as `Validators` holds it. */
function staked(key: Hex, readyAt = READY): [Hex, number, bigint, bigint] {
  const rule = successor.stakes.find(({ message }) => message.key === key) ?? assert.fail();
  const hash = bytesToHex(hashStruct(primitives, requestTypes, 'StakeChange', rule.message));
  return [key, 2, BigInt(hash), (BigInt(readyAt) << 64n) | 1n];
}

describe('changes that a ledger has begun', () => {
  it('are those of stakes that it has not finished, with the published change that each belongs to', async () => {
    const ledger = holding(staked(joins), staked(leaves, READY + 1));
    assert.deepEqual(await begunChanges(primitives, consortium, ledger, [coming]), [
      { what: 'stake', organisation: 'hospital', key: leaves, readyAt: READY + 1, number: 1 },
      { what: 'stake', organisation: 'pharmacy', key: joins, readyAt: READY, number: 1 },
    ]);
    const done = holding(staked(joins, 0), staked(leaves, 0));
    assert.deepEqual(await begunChanges(primitives, consortium, done, [coming]), []);
  });

  it('are named without a number if no published change has them', async () => {
    const dropped: [Hex, number, bigint, bigint] = [leaves, 2, 7n, (BigInt(READY) << 64n) | 1n];
    const office: [Hex, number, bigint, bigint] = [
      keccak256(stringToHex('authority')),
      1,
      9n,
      BigInt(READY),
    ];
    const found = [
      { what: 'authority', readyAt: READY },
      { what: 'stake', organisation: 'hospital', key: leaves, readyAt: READY },
    ];
    const ledger = holding(dropped, office);
    assert.deepEqual(await begunChanges(primitives, consortium, ledger, [coming]), found);
    assert.deepEqual(await begunChanges(primitives, consortium, ledger, []), found);
    assert.deepEqual(await begunChanges(primitives, consortium, holding(), [coming]), []);
  });

  it('fail if the ledger answers with something else than a word', async () => {
    const ledger: LedgerProvider = { request: async () => await Promise.resolve('0x') };
    await assert.rejects(
      begunChanges(primitives, consortium, ledger, []),
      failsWith('PEER_MALFORMED'),
    );
  });
});
