import { ZERO32, type Address } from '../../protocol/ids.ts';
import type { Party } from '../party/Party.ts';
import { isWithdrawn } from '../records/isWithdrawn.ts';
import { newestOfEach } from '../records/newestOfEach.ts';
import { readChart } from '../records/readChart.ts';
import type { ChartRecord } from '../records/viewChart.ts';
import { readPatientState } from '../state/PatientState.ts';
import { inSmallLetters } from './inSmallLetters.ts';
import { planRules, type RulesPlan } from './planRules.ts';
import type { StandingRule } from './StandingRule.ts';

/** Effect that rules would have. */
export interface RulesPreview {
  readonly plan: RulesPlan;
  /** Number of parties other than the patient that could read something. */
  readonly people: number;
  /** Number of records that at least one of them could read. */
  readonly seen: number;
  /** Number of all records on the chart. */
  readonly records: number;
  /** For each of them the number of records. */
  readonly seenBy: ReadonlyMap<Address, number>;
}

/**
 * Tells what rules would change, and how much of the chart others could read then: "3 people could see 41 of your 57
 * records". It reads the list of the chart, which becomes an entry, and changes nothing.
 *
 * @param party - The patient.
 * @param rules - Rules to go by: those that stand, with one more or one less.
 * @throws MedsealError as `planRules` and `readChart` do: `NOT_FOUND`, `KEY_UNAUTHENTIC`, `STATE_STALE`.
 * @example
 * ```ts
 * const rule = { name: 'no labels', kind: 'deny', categories: ['sensitive'] } as const;
 * const { people, seen, records } = await previewRules(patient, [...(await readRules(patient)), rule]);
 * console.log(`With this, ${people} people could see ${seen} of your ${records} records.`);
 * ```
 */
export async function previewRules(
  party: Party,
  rules: readonly StandingRule[],
): Promise<RulesPreview> {
  const plan = await planRules(party, rules.map(inSmallLetters));
  const { handle } = await readPatientState(party);
  const chart = await readChart(party, { handle, purpose: 'PATRQT' });
  const records: ChartRecord[] = [];
  for (const record of newestOfEach(chart.records)) {
    if (!(await isWithdrawn(party, record))) records.push(record);
  }
  const seenBy = new Map<Address, Set<ChartRecord>>();
  const stay = plan.stay.map(({ grant: { terms } }) => terms);
  const give = plan.give.map((right) => ({
    ...right,
    read: right.actions.includes('read'),
    record: right.record ?? ZERO32,
  }));
  for (const right of [...stay, ...give]) {
    const covered = records.filter(
      ({ record, category }) =>
        right.read &&
        right.categories.includes(category) &&
        [ZERO32, record].includes(right.record),
    );
    const before = seenBy.get(right.grantee) ?? [];
    if (right.read) seenBy.set(right.grantee, new Set([...before, ...covered]));
  }
  const seen = new Set([...seenBy.values()].flatMap((each) => [...each]));
  return {
    plan,
    people: seenBy.size,
    seen: seen.size,
    records: records.length,
    seenBy: new Map([...seenBy].map(([who, each]) => [who, each.size])),
  };
}
