import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ClaimFacts } from '../../../../src/protocol/care/claims.ts';
import type { Address } from '../../../../src/protocol/ids.ts';
import { claimWaits } from './claimWaits.ts';

const INSURER: Address = `0x${'1a'.repeat(20)}`;
const OTHER: Address = `0x${'2b'.repeat(20)}`;
const DUE = 1000;

function waits(state: ClaimFacts['state'], facts: Partial<ClaimFacts> = {}, now = 0): boolean {
  return claimWaits({ state, judged: [], due: DUE, ...facts }, INSURER, now);
}

describe('a claim on the desk of its insurer', () => {
  it('waits while it is open, and until the last second of its term', () => {
    assert.equal(waits('open'), true);
    assert.equal(waits('open', {}, DUE), true);
    assert.equal(waits('open', {}, DUE + 1), false);
  });

  it('waits for the lot of the insurer alone that did not dispute', () => {
    assert.equal(waits('disputed', { disputant: OTHER }), true);
    assert.equal(waits('disputed', { disputant: INSURER }), false);
  });

  it('waits for evidence of the insurer that disputed, until somebody judged', () => {
    assert.equal(waits('drawn', { disputant: INSURER }), true);
    assert.equal(waits('drawn', { disputant: INSURER, judged: [OTHER] }), false);
    assert.equal(waits('drawn', { disputant: OTHER }), false);
  });

  it('waits for nobody there once it was decided, answered by a question, or is over', () => {
    const others = [
      'asked',
      'approved',
      'denied',
      'judged',
      'paid',
      'withdrawn',
      'lapsed',
    ] as const;
    for (const state of others) assert.equal(waits(state), false, state);
  });
});
