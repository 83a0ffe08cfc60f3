import type { MedicationDispense } from '@medplum/fhirtypes';
import { encodePart } from '../../fhir/encodePart.ts';
import { partOfResource } from '../../fhir/partOfResource.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { addRecord } from '../records/addRecord.ts';
import { DISPENSES, type DispenseWaiting } from './keptDispenses.ts';
import type { PrescriptionListed } from './readPrescriptions.ts';

/**
 * Adds the dispenses of which pharmacists told in letters to the patient's chart: those by a pharmacist, of a
 * prescription of this chart, at a step that the ledger has. Those that cannot be true are forgotten; the others wait.
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
  const waiting = (await DISPENSES.read(party)).toSorted(
    (one, other) => one.message.step - other.message.step,
  );
  for (const each of waiting) {
    const resource = each.resource as MedicationDispense;
    const of = prescriptions.find(({ digest }) => digest === each.message.prescription);
    // The given chart may be an older one, or a node may not show the step yet.
    const verdict = of === undefined ? 'unknown' : await judge(party, each);
    if (of === undefined || verdict === 'unknown') continue;
    const { salt } = each.message.terms;
    if (verdict === 'refused') {
      await DISPENSES.remove(party, [salt]);
      continue;
    }
    await addRecord(party, {
      handle: of.message.terms.handle,
      purpose: 'PATRQT',
      category: 'medications',
      content: encodePart(partOfResource(salt, 'medications', resource)),
      once: `dispense-${salt.slice(2)}`,
    });
    await DISPENSES.remove(party, [salt]);
    added.push(resource);
  }
  return added;
}

async function judge(
  party: Party,
  { from, message, resource }: DispenseWaiting,
): Promise<'true' | 'refused' | 'unknown'> {
  const isResource = (resource as MedicationDispense).resourceType === 'MedicationDispense';
  if (!isResource) return 'refused';
  const { prescription } = message;
  const { party: sender, prescription: facts } = await confirmFacts(party, {
    party: from,
    prescription,
  });
  if (sender === undefined || facts === undefined || message.step > facts.step) return 'unknown';
  return sender.role === 'pharmacist' ? 'true' : 'refused';
}
