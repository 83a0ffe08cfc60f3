import { orderNumber } from '../../../protocol/care/orderNumber.ts';
import type { Bytes32, RecordId } from '../../../protocol/ids.ts';
import type { PrescriptionFacts } from '../../../protocol/care/prescriptions.ts';
import { MAX_ORDERS } from '../../../protocol/shapes/askedShapes.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import type { Party } from '../../party/Party.ts';
import type { Chart } from '../../records/readChart.ts';
import { confirmPrescription } from './confirmPrescription.ts';
import type { PrescriptionsRead } from './readPrescriptions.ts';

/** A prescription that rests on a record of a chart, which does not hold it. */
export interface StrayPrescription {
  readonly digest: Bytes32;
  readonly record: RecordId;
  /** The prescription as the ledger has it. */
  readonly facts: PrescriptionFacts;
}

/**
 * Finds the prescriptions on the ledger that name a chart, and that the chart does not hold: their prescriber put another
 * order there. On each record rests one prescription at most, so none is left out.
 *
 * @param party - The patient, or a reader of medications.
 * @param chart - The chart.
 * @param read - Its prescriptions, of `readPrescriptions`; of records that could not be read nothing is known.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`.
 * @example
 * ```ts
 * const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
 * const read = await readPrescriptions(patient, chart);
 * for (const { facts } of await findStrayPrescriptions(patient, chart, read)) {
 *   console.log(`${facts.prescriber} prescribed what the chart does not show.`);
 * }
 * ```
 */
export async function findStrayPrescriptions(
  party: Party,
  { handle, records }: Pick<Chart, 'handle' | 'records'>,
  { prescriptions, unread }: PrescriptionsRead,
): Promise<readonly StrayPrescription[]> {
  const shown = new Set(prescriptions.map(({ digest }) => digest));
  const unknown = new Set(unread.map(({ record }) => record));
  const medications = records.filter(
    ({ category, record }) => category === 'medications' && !unknown.has(record),
  );
  const numbered = new Map(
    medications.map(({ record }) => [orderNumber(party.primitives, { handle, record }), record]),
  );
  const numbers = [...numbered.keys()];
  const found: StrayPrescription[] = [];
  for (let at = 0; at < numbers.length; at += MAX_ORDERS) {
    const asked = numbers.slice(at, at + MAX_ORDERS);
    const { orders = [] } = await confirmFacts(party, { orders: asked });
    for (const { order, prescription: digest } of orders) {
      const record = numbered.get(order);
      if (record === undefined || shown.has(digest)) continue;
      found.push({ digest, record, facts: await confirmPrescription(party, digest) });
    }
  }
  return found;
}
