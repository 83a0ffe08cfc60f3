import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OperatorState } from '../../../src/protocol/operator/OperatorPort.ts';
import { nodeReason } from '../../../src/protocol/operator/nodeReasons.ts';
import { alarmsOf } from './alarmsOf.ts';

const WELL: OperatorState = {
  version: '1',
  since: 0,
  organisations: ['hospital'],
  ready: true,
  waitingFor: [],
  notYet: [],
  ledger: { followed: true, block: 9, ahead: 0, age: 4 },
  disputed: false,
  members: [],
  changes: [],
  peers: { laboratory: true },
  logs: [{ at: 'hospital', log: 'care/hospital', own: true, entries: 5, lag: 0, waited: 0 }],
  disk: { free: 100, reserve: 10 },
  vaults: [],
  quotas: {},
  refused: { RIGHT_ENDED: 3 },
  answered: { 'agents 200': 4, 'agents 404': 1 },
  failed: {},
};

function wordsOf(state: Partial<OperatorState>): readonly string[] {
  return alarmsOf({ ...WELL, ...state }).map(({ kind, word }) => `${kind} ${word}`);
}

/** A state whose index some other organisations have too. */
function compared(sames: Readonly<Record<string, boolean>>): Partial<OperatorState> {
  const all = Object.entries(sames).map(([organisation, same]) => ({
    organisation,
    block: 64,
    same,
  }));
  return { index: { compared: all } };
}

describe('what an operator sees first', () => {
  it('is that the node takes requests, if nothing is wrong: refused requests are no alarm', () => {
    assert.deepEqual(wordsOf({}), ['good operate.ready']);
  });

  it('begins with what stops the node, whatever else is wrong', () => {
    const all = wordsOf({
      ready: false,
      waitingFor: [nodeReason('disk')],
      notYet: [nodeReason('log-closed', { name: 'laboratory', log: 'care/insurer' })],
      disputed: true,
      ledger: { followed: false, block: 9, ahead: 31, age: 181, maxAge: 180 },
      peers: { laboratory: false },
      logs: [{ at: 'hospital', log: 'care/hospital', own: true, entries: 5, lag: 2, waited: 31 }],
      disk: { free: 10, reserve: 10 },
      answered: { 'agents 500': 1 },
      failed: { INTERNAL: 1 },
    });
    assert.deepEqual(
      all.map((each) => each.split(' ')[0]),
      ['bad', 'bad', 'bad', 'bad', 'bad', 'bad', 'warn', 'warn', 'warn', 'warn', 'note'],
    );
    assert.ok(!all.includes('good operate.ready'));
  });

  it('says that the ledger stands still beyond the age that the network allows, and of no other ledger', () => {
    const ledger = { followed: true, block: 9, ahead: 0, maxAge: 180 };
    const stale = ['bad operate.stale', 'good operate.ready'];
    assert.deepEqual(wordsOf({ ledger: { ...ledger, age: 181 } }), stale);
    assert.deepEqual(wordsOf({ ledger: { ...ledger, age: 180 } }), ['good operate.ready']);
    const { maxAge: _, ...unbounded } = ledger;
    assert.deepEqual(wordsOf({ ledger: { ...unbounded, age: 9e9 } }), ['good operate.ready']);
  });

  it('says that entries wait for a checkpoint only if they have for half a minute, and of a copy at once', () => {
    const own = { at: 'hospital', log: 'care/hospital', own: true, entries: 5, lag: 2 } as const;
    assert.deepEqual(wordsOf({ logs: [{ ...own, waited: 30 }] }), ['good operate.ready']);
    const late = ['note operate.lagging', 'good operate.ready'];
    assert.deepEqual(wordsOf({ logs: [{ ...own, waited: 31 }] }), late);
    assert.deepEqual(wordsOf({ logs: [{ ...own, own: false, waited: 0 }] }), late);
  });

  it('names the organisations whose index of the ledger differs, and has this node rebuild its own only if fewer have it', () => {
    assert.deepEqual(wordsOf(compared({ laboratory: true, insurer: true })), [
      'good operate.ready',
    ]);
    assert.deepEqual(wordsOf({ index: { compared: [] } }), ['good operate.ready']);
    const others = ['bad operate.index-of-others', 'good operate.ready'];
    assert.deepEqual(wordsOf(compared({ laboratory: true, insurer: false })), others);
    const own = ['bad operate.index-differs', 'good operate.ready'];
    assert.deepEqual(wordsOf(compared({ insurer: false })), own);
    const [first] = alarmsOf({ ...WELL, ...compared({ laboratory: false, insurer: false }) });
    assert.deepEqual(
      [first?.word, first?.values],
      ['operate.index-differs', { names: 'laboratory, insurer' }],
    );
  });

  it('warns of a disk before the node stops, and of nothing if nobody knows what is free', () => {
    const warning = ['warn operate.disk-low', 'good operate.ready'];
    assert.deepEqual(wordsOf({ disk: { free: 20, reserve: 10 } }), warning);
    assert.deepEqual(wordsOf({ disk: { free: 21, reserve: 10 } }), ['good operate.ready']);
    assert.deepEqual(wordsOf({ disk: { reserve: 10 } }), ['good operate.ready']);
  });

  it('counts answers that failed and failures in the background, each as a number', () => {
    const state = {
      ...WELL,
      answered: { 'agents 503': 2, 'peers 500': 1 },
      failed: { INTERNAL: 4 },
    };
    const counts = alarmsOf(state).map(({ word, values }) => [word, values?.['count']]);
    assert.deepEqual(counts.slice(0, 2), [
      ['operate.broken', 3],
      ['operate.background', 4],
    ]);
  });
});
