import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { PartyFacts } from '../../protocol/evidence/facts.ts';
import { keyChange } from '../../protocol/test/keyChange.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import type { LedgerIndex } from '../LedgerIndex.ts';
import { isEarly, isFormerCard } from './isEarly.ts';

const [first, next, last] = ['first', 'next', 'last'].map((name) => signatory(name));

it('takes a card for early until the ledger knows its party, and the change of key that it proves, and for former after it', () => {
  assert.ok(first && next && last);
  const party = first.address;
  const changes = [keyChange(party, [first, next]), keyChange(party, [next, last], { change: 2 })];
  const judged =
    (judge: typeof isEarly) =>
    (known: Partial<PartyFacts> | undefined, count: number): boolean => {
      const keyChanges = changes.slice(0, count);
      const index = { party: () => known } as unknown as LedgerIndex;
      return judge({ index }, { card: { party, recipient: 'age1pq1', keyChanges } });
    };
  const early = judged(isEarly);
  const at = (change: number): Partial<PartyFacts> => ({ key: { signer: party, change } });
  assert.deepEqual([early(undefined, 0), early({}, 0)], [true, false]);
  assert.deepEqual([early({}, 1), early(at(1), 1), early(at(1), 2)], [true, false, true]);
  assert.deepEqual([early(at(2), 1), early(at(2), 2), early(at(2), 0)], [false, false, false]);
  const former = judged(isFormerCard);
  assert.deepEqual([former(at(2), 1), former(at(1), 0), former(at(2), 2)], [true, true, false]);
  assert.deepEqual([former(undefined, 0), former({}, 0), former({}, 1)], [false, false, false]);
});
