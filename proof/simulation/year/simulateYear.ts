import { createHash } from 'node:crypto';
import type { Simulation } from '../simulate.ts';
import { CARE_DEEDS, connect } from './careDeeds.ts';
import { endMonth } from './endMonth.ts';
import { NETWORK_DEEDS } from './networkDeeds.ts';
import { countRows, growth, type RowCounts } from './rowCounts.ts';
import { DAY, Year } from './Year.ts';

/** Days of a month and of a year here. */
const [MONTH, LENGTH] = [30, 360];

/** Size of a year. */
export interface YearProfile {
  /** Number of patients at the beginning, and once some more enrolled. */
  readonly patients: readonly [first: number, most: number];
  /** Days that pass at once: each deed happens once in them at most. */
  readonly step: number;
  /** Months between two examinations of everything. */
  readonly checks: number;
}

/** The year of `npm run proof simulate -- --year whole`: hours. */
export const WHOLE_YEAR: YearProfile = { patients: [2, 5], step: 1, checks: 1 };
/** The same with months between the deeds: a minute. */
export const SHORT_YEAR: YearProfile = { patients: [1, 2], step: 30, checks: 6 };

/** A year of a consortium. */
export interface YearSimulation extends Simulation {
  /** Rows of the hospital's stores by kind, at the end of each month. */
  readonly rows: readonly RowCounts[];
}

/**
 * Lives a year of a consortium of four by the clock: its timers run as those of machines that sleep between the days, so
 * that each deed finds what time did to the network. The seed and two tables decide the days of the deeds.
 *
 * @param seed - Any text.
 * @param profile - Patients, and days that pass at once.
 * @param onMonth - Called at the end of each month.
 */
export async function simulateYear(
  seed: string,
  { patients, step, checks }: YearProfile,
  onMonth: (year: Year) => void = () => undefined,
): Promise<YearSimulation> {
  const year = await Year.begin(seed, ...patients);
  const rows: RowCounts[] = [];
  const firsts = new Map(
    CARE_DEEDS.map(({ name, every }) => [name, year.dice.between(0, every - 1)]),
  );
  for (const patient of year.patients) await connect(year, patient);
  for (; year.day < LENGTH; year.day += step) {
    for (const { day, run } of NETWORK_DEEDS) {
      if (day >= year.day && day < year.day + step) await run(year);
    }
    for (const { name, every, run } of CARE_DEEDS) {
      const past = (year.day - (firsts.get(name) ?? 0) + every) % every;
      for (const patient of past < step ? year.patients : []) await run(year, patient);
    }
    await year.leap(step * DAY);
    if ((year.day + step) % MONTH !== 0) continue;
    rows.push(await countRows(year, 'hospital'));
    if (rows.length % checks === 0) await endMonth(year);
    onMonth(year);
  }
  for (const fault of growth(rows)) year.violate(fault);
  await year.network.close();
  const { violations, tally, trace } = year;
  const traceHash = createHash('sha256').update(trace.join('\n')).digest('hex');
  return { seed, steps: LENGTH / step, violations, trace, traceHash, tally, rows };
}
