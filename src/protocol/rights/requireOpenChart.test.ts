import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { CARE_TYPES, RULE_TYPES } from '../struct/ledgerRequests.ts';
import { EVIDENCE_TYPES } from '../struct/evidenceTypes.ts';
import type { Address, Handle } from '../ids.ts';
import { AFTER_DEATH, requireOpenChart, type ChartType } from './requireOpenChart.ts';
import type { RulesView } from './RulesView.ts';
import { UNTOLD_LIFE, type LifeFacts } from '../care/vitalRecords.ts';
import { MANDATE_TYPES } from '../care/mandates.ts';
import { VITAL_TYPES, type VitalStage } from '../struct/vitalTypes.ts';
import { ROLES, type Role } from '../vocabulary.ts';

const handle: Handle = `0x${'a1'.repeat(32)}`;
const author: Address = `0x${'d1'.repeat(20)}`;

/** The rules for somebody of whom this is said, or who is suspended, and an author of a role. */
function viewOf(stage: VitalStage, role: Role = 'doctor', suspended = false): RulesView {
  const life: LifeFacts = { ...UNTOLD_LIFE, death: { stage, step: 1 } };
  return {
    life: () => life,
    party: () => ({ role, suspended }),
  } as unknown as RulesView;
}

function isOpen(view: RulesView, asked: Parameters<typeof requireOpenChart>[1]): boolean {
  try {
    requireOpenChart(view, asked);
    return true;
  } catch (error) {
    assert.ok(isMedsealError(error, 'CHART_FROZEN'));
    return false;
  }
}

/** The requests that a confirmed death ends. */
const ENDED: readonly ChartType[] = [
  'Write',
  'Erase',
  'Grant',
  'Prescription',
  'Dispense',
  'Death',
  'Will',
  'Mandate',
];

describe('whether anything may happen on a chart', () => {
  const types = Object.keys(AFTER_DEATH) as readonly ChartType[];

  // @class a request of any type | happens on a chart in a state that ends it
  it('is said for every type of request of evidence, rules, care and lives', () => {
    const all = [...EVIDENCE_TYPES, ...RULE_TYPES, ...CARE_TYPES, ...VITAL_TYPES, ...MANDATE_TYPES];
    assert.deepEqual([...types].sort(), [...all].sort());
  });

  for (const type of types) {
    it(`of a ${type} holds for the living, the reported, the dead and the suspended`, () => {
      assert.ok(isOpen(viewOf('none'), { type, handle }), 'living');
      assert.ok(isOpen(viewOf('reported'), { type, handle }), 'reported');
      assert.equal(isOpen(viewOf('confirmed'), { type, handle }), !ENDED.includes(type), 'dead');
      // A suspension ends what a party signs, wherever its requests are judged; a chart stays open to rights that stand.
      assert.ok(isOpen(viewOf('none', 'patient', true), { type, handle }), 'suspended');
    });
  }

  it('lets doctors and registrars alone write vital records of the dead', () => {
    for (const role of ROLES) {
      const may = role === 'doctor' || role === 'registrar';
      const write = { author, category: 'vital-records' } as const;
      assert.equal(isOpen(viewOf('confirmed', role), { type: 'Write', handle, write }), may, role);
      const other = { author, category: 'reports' } as const;
      assert.equal(
        isOpen(viewOf('confirmed', role), { type: 'Write', handle, write: other }),
        false,
        role,
      );
    }
  });
});
