import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CriticalBy } from '../../../../src/client/index.ts';
import { byUrgency, type OrderListed } from './byUrgency.ts';

const WORD = `0x${'11'.repeat(32)}` as const;
const PARTY = `0x${'22'.repeat(20)}` as const;

function listed(at: number, priority: string, critical?: CriticalBy): OrderListed {
  const of = { handle: WORD, record: WORD, orderer: PARTY, at, request: { priority } };
  return { order: { ...of, reports: [], toSignOff: [], passedOver: [] }, critical };
}

describe('the order of a list of things to do', () => {
  it('has a critical result first, also by a letter alone, then what presses more, then what is older', () => {
    const [routine, older, stat, urgent, critical, told] = [
      listed(9, 'routine'),
      listed(3, 'routine'),
      listed(8, 'stat'),
      listed(7, 'urgent'),
      listed(99, 'routine', 'chart'),
      listed(98, 'routine', 'letter'),
    ];
    const all = [routine, older, stat, urgent, critical, told].toSorted(byUrgency);
    assert.deepEqual(all, [told, critical, stat, urgent, older, routine]);
  });
});
