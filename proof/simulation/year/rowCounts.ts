import { BINARY } from '../../../src/database/synced.ts';
import type { Organisation } from '../../../src/protocol/ids.ts';
import { SimulatedDevice } from '../SimulatedDevice.ts';
import type { Year } from './Year.ts';

/** Rows of an organisation's stores, by store and the first part of their keys, and numbers of values on devices. */
export type RowCounts = ReadonlyMap<string, number>;

/** Stores of an organisation, beside its logs. */
const STORES = ['vault-index', 'kept', 'letters', 'coordinator', 'contributor'] as const;

/** Rows about things that end: a year later there are no more of them for a patient than after some months. */
const PASSING = [
  'contributor kept-at',
  'coordinator answer',
  'coordinator due',
  'kept end',
  'kept state',
  'letters from',
  'letters letter',
  'letters until',
  'device of a patient',
  'device of a doctor',
];
/** Month after which the number of passing things has settled, and how much it may vary from then on. */
const [SETTLED, VARIES, FEW] = [3, 1.5, 4];

/**
 * Counts the rows that an organisation keeps.
 *
 * @param year - The consortium.
 * @param at - The organisation.
 */
export async function countRows(
  { network, patients, doctors }: Year,
  at: Organisation,
): Promise<RowCounts> {
  const rows = new Map([['patients', patients.length]]);
  const logs = network.file.channels.flatMap((channel) => channel.logs);
  for (const name of [...STORES, ...logs.map(({ organisation }) => `logs/${organisation}`)]) {
    const keys = await network.database(at, name).keys<Uint8Array>(BINARY).all();
    for (const key of keys) {
      const kind = `${name} ${/^[a-z-]+/.exec(Buffer.from(key).toString('latin1'))?.[0] ?? '?'}`;
      rows.set(kind, (rows.get(kind) ?? 0) + 1);
    }
  }
  for (const [who, person] of [
    ['patient', patients[0]?.person],
    ['doctor', doctors[0]],
  ] as const) {
    const { device } = person?.party ?? {};
    if (!(device instanceof SimulatedDevice)) continue;
    rows.set(`device of a ${who}`, device.sizes.size);
  }
  return rows;
}

/**
 * Finds rows about things that ended.
 *
 * @param months - Rows at the end of each month.
 * @returns A sentence for each kind that grows although its things end.
 */
export function growth(months: readonly RowCounts[]): readonly string[] {
  const [early, late] = [months[SETTLED - 1], months.at(-1)];
  if (early === undefined || late === undefined) return [];
  const patients = (late.get('patients') ?? 1) / (early.get('patients') ?? 1);
  return PASSING.flatMap((kind) => {
    const [before, after] = [early.get(kind) ?? 0, late.get(kind) ?? 0];
    if (after <= VARIES * patients * before + FEW) return [];
    return [`rows of ended things stay: ${kind} were ${before}, and are ${after}`];
  });
}
