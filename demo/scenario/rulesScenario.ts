import { readChart } from '../../src/client/records/readChart.ts';
import { grantRight } from '../../src/client/rights/grantRight.ts';
import { applyRules, type RulesApplied } from '../../src/client/rules/applyRules.ts';
import { addRule, readRules, removeRule } from '../../src/client/rules/changeRules.ts';
import { previewRules } from '../../src/client/rules/previewRules.ts';
import type { DenyRule, PermitRule } from '../../src/client/rules/StandingRule.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import type { Grant } from '../../src/protocol/struct/requests.ts';
import type { Cast } from './Cast.ts';
import { readAfter } from './readAfter.ts';
import { stepOf } from './stepOf.ts';
import type { StepResult, StepRunner } from './StepRunner.ts';
import type { Visit } from './visitScenario.ts';

/** Duration of each of the rule's grants, seconds. */
const HOUR = 3600;
const PAPER = 'P3 rules';

/**
 * Plays the patient's standing rules: one lets the other doctor read until further notice, and a denial beats it. Both
 * are gone at the end.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The parties at their devices, enrolled.
 * @param visit - The visit whose record is shared.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function rulesScenario(
  runner: StepRunner,
  { patient, specialist }: Cast,
  { handle, categories, records }: Visit,
): Promise<void> {
  const grantee = specialist.party.address;
  const permit: PermitRule = {
    name: 'the team of the other doctor',
    kind: 'permit',
    parties: [grantee],
    categories: [...categories, 'sensitive'],
    actions: ['read'],
    purpose: 'TREAT',
    renew: HOUR,
  };
  const denial: DenyRule = {
    name: 'nothing labelled',
    kind: 'deny',
    parties: [grantee],
    categories: ['sensitive'],
  };
  const by = (name: string): Pick<StepResult, 'name' | 'paper' | 'party'> =>
    stepOf(name, PAPER, patient);
  const other = (name: string): Pick<StepResult, 'name' | 'paper' | 'party'> =>
    stepOf(name, PAPER, specialist);

  await runner.accepted(by('The patient previews a standing rule'), async () => {
    const rules = [...(await readRules(patient.party)), permit];
    const preview = await previewRules(patient.party, rules);
    const reading = preview.seenBy.get(grantee) ?? 0;
    const detail = `the other doctor could see ${reading} of ${preview.records} records`;
    return { value: undefined, detail };
  });
  const wide = await runner.accepted(
    by('The rule lets the other doctor read, until further notice'),
    async () => {
      await addRule(patient.party, permit);
      return newRight(await applyRules(patient.party), permit.name);
    },
  );
  await runner.accepted(other('The other doctor reads by the rule'), async () => {
    const after = records.slice(-1).map(({ acknowledgement }) => acknowledgement);
    const wanted = { handle, grant: wide, purpose: 'TREAT' } as const;
    const chart = await readAfter(specialist.party, wanted, after);
    if (chart.records.length < records.length) {
      throw new MedsealError('NOT_FOUND', { what: 'record on the chart' });
    }
    const detail = `${chart.records.length} record versions listed`;
    return { value: undefined, evidence: chart.acknowledgement, detail };
  });
  const narrow = await runner.accepted(
    by('A denial takes what is labelled out of every right'),
    async () => {
      await addRule(patient.party, denial);
      return newRight(await applyRules(patient.party), permit.name);
    },
  );
  await runner.refused(
    other('The other doctor relies on the right of before'),
    ['RIGHT_ENDED'],
    async () => await readChart(specialist.party, { handle, grant: wide, purpose: 'TREAT' }),
  );
  await runner.refused(
    by('The patient gives a right that the denial forbids'),
    ['RIGHT_DENIED'],
    async () => {
      const until = wide.terms.until + HOUR;
      const terms = { grantee, actions: ['read'], purpose: 'TREAT', until } as const;
      return await grantRight(patient.party, { ...terms, categories: ['sensitive'] });
    },
  );
  await runner.accepted(by('The patient ends both rules'), async () => {
    for (const { name } of [permit, denial]) await removeRule(patient.party, name);
    const { ended } = await applyRules(patient.party);
    return { value: undefined, detail: `${ended.length} right ended` };
  });
  await runner.refused(
    other('The other doctor looks after that'),
    ['RIGHT_ENDED'],
    async () => await readChart(specialist.party, { handle, grant: narrow, purpose: 'TREAT' }),
  );
}

/** The one right that a rule led to, and its transaction. */
function newRight(
  { given }: RulesApplied,
  rule: string,
): { readonly value: Grant; readonly txHash: string; readonly detail: string } {
  const right = given.find((each) => each.rule === rule);
  if (right === undefined) throw new MedsealError('RIGHT_MISSING', {});
  const { grant, placed } = right;
  return { value: grant, txHash: placed.transaction, detail: grant.terms.categories.join(', ') };
}
