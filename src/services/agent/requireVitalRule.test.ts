import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ZERO32, type Address, type Handle } from '../../protocol/ids.ts';
import type { RulesView } from '../../protocol/rights/RulesView.ts';
import { UNTOLD_LIFE, type Death, type LifeFacts } from '../../protocol/care/vitalRecords.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { requireVitalRule } from './requireVitalRule.ts';

const reporter: Address = `0x${'d1'.repeat(20)}`;
const handle: Handle = `0x${'a1'.repeat(32)}`;
const LAST = 2 ** 16 - 1;

/** Reports the death of somebody with so many steps of deaths behind them. */
function report(behind: number): void {
  const life: LifeFacts = { ...UNTOLD_LIFE, death: { stage: 'none', step: behind } };
  const view = { life: () => life, party: () => ({ role: 'doctor' }) } as unknown as RulesView;
  const terms = { record: ZERO32, content: ZERO32, at: 0, salt: ZERO32 };
  const message: Death = { terms, reporter, handle, step: behind + 1, deadline: 0 };
  requireVitalRule(view, { type: 'Death', party: reporter, message, signature: '0x' }, 0);
}

describe('a report of a death', () => {
  it('is refused once two who collude have left no step for its undoing', () => {
    report(0);
    report(LAST - 3);
    for (const behind of [LAST - 2, LAST - 1]) {
      const worn = failsWith('RULE_REFUSED', { reason: 'StepUnexpected' });
      assert.throws(() => report(behind), worn);
    }
  });
});
