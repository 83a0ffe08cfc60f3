import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryDevice } from '../../../src/client/index.ts';
import { factsKept, keepFacts, type FactsKept } from './factsKept.ts';

const HANDLE = `0x${'01'.repeat(32)}` as const;
const RIGHT = `0x${'02'.repeat(32)}` as const;
const FACTS: FactsKept = { at: 1000, right: RIGHT, born: '1961-02-03', allergies: [] };
const DAY = 86_400;

function reader(now = 1000): Parameters<typeof factsKept>[0] {
  const clock = { now: () => now * 1000, after: () => () => undefined };
  return { device: memoryDevice(), clock };
}

describe('what a device keeps of a patient for the list', () => {
  it('is there for seven days, and not of an older view than it has', async () => {
    const party = reader(1000 + 7 * DAY);
    await keepFacts(party, HANDLE, FACTS);
    await keepFacts(party, HANDLE, { at: 999, right: RIGHT });
    assert.deepEqual(await factsKept(party, HANDLE, [RIGHT]), FACTS);
    const late = { ...party, clock: reader(1001 + 7 * DAY).clock };
    assert.equal(await factsKept(late, HANDLE, [RIGHT]), undefined);
    assert.equal(await factsKept(party, HANDLE, [RIGHT]), undefined, 'it was forgotten');
  });

  // @actor a reader whose right is over | looks at the patient's allergies in the list
  it('is forgotten once the right that showed it holds no more, whatever other rights do', async () => {
    const party = reader();
    await keepFacts(party, HANDLE, FACTS);
    assert.equal(await factsKept(party, HANDLE, [`0x${'03'.repeat(32)}`]), undefined);
    assert.equal(await factsKept(party, HANDLE, [RIGHT]), undefined);
  });
});
