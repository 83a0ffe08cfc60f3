import type { MedicationDispense } from '@medplum/fhirtypes';
import { encodePart } from '../../fhir/encodePart.ts';
import { partOfResource } from '../../fhir/partOfResource.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { addRecord } from '../records/addRecord.ts';
import { forgetDispenses, readDispenses, type DispenseWaiting } from './keptDispenses.ts';
import type { PrescriptionListed } from './readPrescriptions.ts';

/**
 * Adds the dispenses of which pharmacists told in letters to the patient's chart: those by a pharmacist, of a
 * prescription of this chart, at a step that the ledger has. The others are forgotten.
 *
 * @param party - The patient, after `checkInbox`.
 * @param prescriptions - The prescriptions of the patient's own chart.
 * @returns Those that are on the chart now.
 * @throws MedsealError `KEY_UNAUTHENTIC`, and those of `addRecord`; run it again.
 * @example
 * ```ts
 * await checkInbox(patient);
 * const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
 * const added = await addDispenses(patient, await readPrescriptions(patient, chart));
 * console.log(`${added.length} new dispenses`);
 * ```
 */
export async function addDispenses(
  party: Party,
  prescriptions: readonly PrescriptionListed[],
): Promise<readonly MedicationDispense[]> {
  const added: MedicationDispense[] = [];
  // Letters come in any order.
  const waiting = (await readDispenses(party)).toSorted(
    (one, other) => one.message.step - other.message.step,
  );
  for (const each of waiting) {
    const resource = each.resource as MedicationDispense;
    const of = prescriptions.find(({ digest }) => digest === each.message.prescription);
    if (of === undefined || !(await isTrue(party, each, of))) continue;
    const { salt } = each.message.terms;
    await addRecord(party, {
      handle: of.message.terms.handle,
      purpose: 'PATRQT',
      category: 'medications',
      content: encodePart(partOfResource(salt, 'medications', resource)),
      once: `dispense-${salt.slice(2)}`,
    });
    added.push(resource);
  }
  if (waiting.length > 0) await forgetDispenses(party);
  return added;
}

async function isTrue(
  party: Party,
  { from, message, resource }: DispenseWaiting,
  { facts }: PrescriptionListed,
): Promise<boolean> {
  const isResource = (resource as MedicationDispense).resourceType === 'MedicationDispense';
  if (!isResource || facts === undefined || message.step > facts.step) return false;
  const { party: sender } = await confirmFacts(party, { party: from });
  return sender?.role === 'pharmacist';
}
