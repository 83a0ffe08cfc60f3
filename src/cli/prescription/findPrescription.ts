import {
  readPrescriptions,
  type PrescriptionListed,
} from '../../client/care/prescriptions/readPrescriptions.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { findPatient } from '../contact/findContact.ts';
import type { Visitor } from '../home/openVisitor.ts';
import { readNamedId, withBeginning } from '../program/withBeginning.ts';
import { openChart } from '../record/chart.ts';
import type { ChartOptions } from '../record/listRecords.ts';

/**
 * Reads the prescriptions of a chart.
 *
 * @param visitor - The visitor that asks.
 * @param options - The patient; the visitor itself if absent.
 */
export async function prescriptionsOf(
  visitor: Visitor,
  options: ChartOptions,
): Promise<readonly PrescriptionListed[]> {
  const patient = await findPatient(visitor, options.patient);
  return (await readPrescriptions(visitor.party, await openChart(visitor, patient, options)))
    .prescriptions;
}

/**
 * Finds a prescription by the beginning of its digest.
 *
 * @param visitor - The visitor that asks.
 * @param id - Four digits or more, with or without `0x`.
 * @param options - The patient; the visitor itself if absent.
 * @throws MedsealError `ARGUMENT_INVALID`, `NOT_FOUND`.
 */
export async function findPrescription(
  visitor: Visitor,
  id: string,
  options: ChartOptions,
): Promise<PrescriptionListed> {
  const named = readNamedId(id, 'prescription');
  const all = await prescriptionsOf(visitor, options);
  const [only] = withBeginning(named, all, ({ digest }) => digest);
  if (only === undefined)
    throw new MedsealError('NOT_FOUND', { what: 'prescription on the chart' });
  return only;
}

/**
 * Returns the digest of a prescription that was named: a whole one as it is, so that its prescriber needs no chart.
 *
 * @param visitor - The visitor that asks.
 * @param id - The digest, or its beginning.
 * @param options - The patient; the visitor itself if absent.
 * @throws MedsealError as `findPrescription`.
 */
export async function digestNamed(
  visitor: Visitor,
  id: string,
  options: ChartOptions,
): Promise<Bytes32> {
  const { beginning } = readNamedId(id, 'prescription');
  if (beginning.length === 66) return beginning;
  return (await findPrescription(visitor, id, options)).digest;
}
