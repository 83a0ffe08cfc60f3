import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestClock } from '../../ledger/test/TestClock.ts';
import {
  consortium,
  FROM,
  movedTerms,
  stakedSuccessor,
} from '../../protocol/test/sampleConsortium.ts';
import { network, primitives } from '../../protocol/test/sampleNetwork.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import type { LedgerIndex } from '../../services/LedgerIndex.ts';
import { noSuccession } from '../../services/succession/Succession.ts';
import type { LedgerSeat } from './LedgerSeat.ts';
import { LedgerWork } from './LedgerWork.ts';

function onFailure(error: unknown): void {
  assert.fail(String(error));
}

test('successors that a node took without the ledger are compared with it once it answers, each minute, and after the clock was set back', async () => {
  const clock = new TestClock(1000 * (FROM - 3600));
  const index = {
    refresh: async () => await Promise.resolve(),
    party: () => undefined,
    moment: FROM - 3600,
  } as unknown as LedgerIndex;
  const seat = {
    // A ledger without validators contradicts every change of a stake.
    carrier: { network, primitives },
    home: { organisation: 'hospital' },
    isEnrolled: false,
  } as unknown as LedgerSeat;
  const moved = movedTerms(consortium, ['pharmacy'], ['hospital']);
  let successors: readonly Successor[] = [
    stakedSuccessor(consortium, moved, ['laboratory', 'insurer']),
  ];
  const succession = {
    ...noSuccession(network),
    get successors() {
      return successors;
    },
  };
  const work = new LedgerWork({ seats: [seat], network, succession, index, clock, onFailure });
  assert.equal(work.contradicted, undefined);
  await work.carry();
  const contradicted = { number: 1, reason: 'the ledger of this network has no validators' };
  assert.deepEqual(work.contradicted, contradicted);
  successors = [];
  clock.advance(59_000);
  await work.carry();
  assert.deepEqual(work.contradicted, contradicted);
  clock.advance(1000);
  await work.carry();
  assert.equal(work.contradicted, undefined);
  successors = [stakedSuccessor(consortium, moved, ['laboratory', 'insurer'])];
  clock.advance(-600_000);
  await work.carry();
  assert.deepEqual(work.contradicted, contradicted);
});
