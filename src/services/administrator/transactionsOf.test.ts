import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { TRANSACTION_GAS_LIMIT } from '../../ledger/chain/limits.ts';
import { MOST_DATA } from '../../ledger/rpc/parameters.ts';
import type { Hex } from '../../protocol/ids.ts';
import { MOST_CARRIED, transactionsOf } from './transactionsOf.ts';

const { gas } = JSON.parse(
  readFileSync(new URL('../../../contracts/gas.json', import.meta.url), 'utf8'),
) as { readonly gas: Readonly<Record<string, number>> };

/** The kinds of requests that an administrator carries, by how their gas is named. */
const KINDS = {
  rules: /^(?:commit|grant|revoke|advance)\b/,
  care: /^(?:prescribe|dispense|claim|approve and pay a claim)\b/,
} as const;

function encoder(bytes: number): (part: readonly number[]) => Hex {
  return (part) => `0x${'00'.repeat(bytes * part.length)}`;
}

describe('requests of one kind', () => {
  for (const [name, kind] of Object.entries(KINDS)) {
    it(`fit by their gas into one transaction, with a tenth to spare: ${name}`, () => {
      const dear = Object.entries(gas).filter(([what]) => kind.test(what));
      assert.ok(dear.length >= 6);
      const most = MOST_CARRIED[name as keyof typeof KINDS];
      for (const [what, used] of dear) {
        // In a batch the transaction itself is paid for once.
        const each = what.endsWith(': alone') ? used - 21_000 : used;
        assert.ok(1.1 * each * most < TRANSACTION_GAS_LIMIT, `${most} × ${what}: ${each} gas each`);
      }
    });
  }

  it('go into transactions in their order, none twice and none too large', () => {
    for (const bytes of [1, 288, 2_000, MOST_DATA - 1]) {
      for (const count of [0, 1, 2, 199, 200, 201, 1024]) {
        const all = Array.from({ length: count }, (_, place) => place);
        const seen: number[] = [];
        const encode = encoder(bytes);
        const parts = [...transactionsOf(all, 200, encode)];
        for (const { data, count: carried } of parts) {
          assert.ok(carried <= 200 && data.length <= 2 + 2 * MOST_DATA);
          assert.equal(data, encode(all.slice(seen.length, seen.length + carried)));
          seen.push(...all.slice(seen.length, seen.length + carried));
        }
        assert.deepEqual(seen, all);
      }
    }
  });

  it('leaves one that no transaction can hold alone, so that it fails by itself', () => {
    const parts = [...transactionsOf([1, 2, 3], 200, encoder(MOST_DATA + 1))];
    assert.deepEqual(
      parts.map(({ count }) => count),
      [1, 1, 1],
    );
  });
});
