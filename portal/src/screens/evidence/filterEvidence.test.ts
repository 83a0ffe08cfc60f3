import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditEvent } from '../../../../src/client/index.ts';
import type { Address } from '../../../../src/protocol/ids.ts';
import { countKinds, filterEvidence, OTHERS, type EvidenceFilter } from './filterEvidence.ts';
import { eventToGroup, OWN } from './test/eventToGroup.ts';

const ME = 'me' as Address;
const NOON = new Date(2026, 10, 25, 12).getTime() / 1000;
const DAY = 86_400;
const TOLD = [
  {},
  { party: ME },
  { flag: 'R' },
  { type: 'Write', what: 'add', party: 'bb', at: NOON + DAY },
  { type: 'Write', what: 'add', party: 'cc', grant: '01', at: NOON - DAY },
  { fault: 'the body differs' },
  { handle: `0x${'22'.repeat(32)}` as const },
  { handle: `0x${'22'.repeat(32)}` as const, party: ME },
];
const OF = { own: ME, handle: OWN };
const EVENTS: readonly AuditEvent[] = [
  ...TOLD.map((told, index) => eventToGroup({ at: NOON, ...told }, index)),
  { log: 'care/hospital', index: TOLD.length, entry: '0x08' },
];

function shown(filter: Partial<EvidenceFilter>): readonly number[] {
  const found = filterEvidence(EVENTS, { ...OTHERS, ...filter }, OF);
  return found.map(({ index }) => index);
}

describe('the filter of evidence', () => {
  it('shows at first what others did, and everything under nobody’s name', () => {
    assert.deepEqual(shown({}), [0, 2, 3, 4, 5, 6, 7, 8]);
    assert.deepEqual(shown({ who: 'all' }), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('shows what one person did, and never what is only claimed in that person’s name', () => {
    assert.deepEqual(shown({ who: 'aa' }), [0, 2]);
    assert.deepEqual(shown({ who: ME }), [1]);
    assert.deepEqual(shown({ who: 'nobody known' }), []);
  });

  it('shows one kind of act: a refusal is not a look, and a batch of a device is not an addition', () => {
    assert.deepEqual(shown({ kind: 'looked' }), [0]);
    assert.deepEqual(shown({ kind: 'refused' }), [2]);
    assert.deepEqual(shown({ kind: 'added' }), [3]);
    assert.deepEqual(shown({ kind: 'devices' }), [4]);
  });

  // @attack a node lists an event of another patient's chart | it counts as nobody's act, and under no choice of a person, kind or day
  it('counts an event of another patient under none of the kinds', () => {
    const counts = countKinds(EVENTS, { ...OTHERS, kind: 'added' }, OF);
    assert.deepEqual(Object.fromEntries(counts), { looked: 1, added: 1, refused: 1, devices: 1 });
  });

  it('shows days from the first to the last one, both with them, where the reader is', () => {
    assert.deepEqual(shown({ from: '2026-11-25' }), [0, 2, 3]);
    assert.deepEqual(shown({ to: '2026-11-25' }), [0, 2, 4]);
    assert.deepEqual(shown({ from: '2026-11-25', to: '2026-11-25' }), [0, 2]);
    assert.deepEqual(shown({ from: '2026-11-26', to: '2026-11-25' }), []);
  });
});
