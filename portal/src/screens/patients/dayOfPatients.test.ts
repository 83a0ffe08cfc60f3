import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OrderKept } from '../../../../src/client/index.ts';
import type { Address, Handle } from '../../../../src/protocol/ids.ts';
import { dayOfPatients, type PatientKnown } from './dayOfPatients.ts';

const OWN: Address = `0x${'01'.repeat(20)}`;
const OTHER: Address = `0x${'02'.repeat(20)}`;
const DAY = 1_000_000;
const NOTHING = { own: OWN, orders: [], messages: [] } as const;

const handleOf = (digit: number): Handle => `0x${String(digit).repeat(64)}`;

function patient(digit: number, name: string, from = DAY - 1, seen?: number): PatientKnown {
  const right = { grant: { terms: { from } } } as unknown as PatientKnown['rights'][number];
  return { handle: handleOf(digit), name, rights: [right], seen };
}

function order(digit: number, more: Partial<OrderKept> = {}): OrderKept {
  return { record: handleOf(9), handle: handleOf(digit), orderer: OWN, at: 1, ...more };
}

describe('the patients of a day', () => {
  it('are those looked at or given today; the others stand below by their names', () => {
    const all = [
      patient(1, 'Zoe'),
      patient(2, 'Ben'),
      patient(3, 'Cem', DAY),
      patient(4, 'Ada', 0, DAY),
      patient(5, 'Eva', 0, DAY - 1),
    ];
    const { today, others } = dayOfPatients(all, NOTHING, DAY);
    assert.deepEqual(today, [
      { handle: handleOf(4), reasons: ['seen'] },
      { handle: handleOf(3), reasons: ['given'] },
    ]);
    assert.deepEqual(
      others.map(({ handle }) => handle),
      [2, 5, 1].map(handleOf),
    );
  });

  it('begin with whoever has a critical result, then other results, orders of others and messages', () => {
    const all = [1, 2, 3, 4].map((digit) => patient(digit, `P${digit}`));
    const orders = [
      order(2, { answered: true }),
      order(3, { orderer: OTHER }),
      order(4, { answered: true, critical: true }),
    ];
    const messages = [{ about: { handle: handleOf(1) } }] as never;
    const { today } = dayOfPatients(all, { own: OWN, orders, messages }, DAY);
    assert.deepEqual(
      today.map(({ handle, reasons }) => [handle, ...reasons]),
      [
        [handleOf(4), 'critical'],
        [handleOf(2), 'results'],
        [handleOf(3), 'order'],
        [handleOf(1), 'message'],
      ],
    );
  });

  it('are not those whose order is done, waits for the laboratory, or is of a patient who is not listed', () => {
    const orders = [
      order(1, { done: true, answered: true }),
      order(1),
      order(7, { critical: true }),
    ];
    const { today } = dayOfPatients([patient(1, 'Ada')], { ...NOTHING, orders }, DAY);
    assert.deepEqual(today, []);
  });
});
