import type { MedicationDispense } from '@medplum/fhirtypes';
import { base64 } from '@scure/base';
import { utf8ToBytes } from '../../../crypto/bytes.ts';
import { encodePart } from '../../../fhir/encodePart.ts';
import type { PartContent } from '../../../fhir/Part.ts';
import { partOfResource } from '../../../fhir/partOfResource.ts';
import { provenanceOfDispense } from '../../../fhir/provenanceOfDispense.ts';
import { canonicalJson } from '../../../protocol/wire/canonicalJson.ts';
import type { Party } from '../../party/Party.ts';
import { addRecord } from '../../records/addRecord.ts';
import type { DispenseTold } from '../../letters/DispenseTold.ts';
import { DISPENSES } from './keptDispenses.ts';
import type { PrescriptionListed } from './readPrescriptions.ts';

/**
 * Adds the dispenses of which pharmacists told in letters to the patient's chart, once `checkInbox` has proven them: those
 * of the given prescriptions. The others wait. The Provenance beside each names its pharmacist.
 *
 * @param party - The patient, after `checkInbox`.
 * @param prescriptions - The prescriptions of the patient's own chart.
 * @returns Those that are on the chart now.
 * @throws MedsealError `KEY_UNAUTHENTIC`, and those of `addRecord`; run it again.
 * @example
 * ```ts
 * await checkInbox(patient);
 * const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
 * const added = await addDispenses(patient, (await readPrescriptions(patient, chart)).prescriptions);
 * console.log(`${added.length} new dispenses`);
 * ```
 */
export async function addDispenses(
  party: Party,
  prescriptions: readonly PrescriptionListed[],
): Promise<readonly MedicationDispense[]> {
  const added: MedicationDispense[] = [];
  const known = new Set(prescriptions.map(({ digest }) => digest));
  // Letters come in any order. The given chart may be an older one.
  const waiting = (await DISPENSES.read(party))
    .filter(({ request }) => known.has(request.message.prescription))
    .toSorted((one, other) => one.request.message.step - other.request.message.step);
  for (const told of waiting) {
    const { salt } = told.request.message.terms;
    await addRecord(party, {
      handle: told.prescription.terms.handle,
      purpose: 'PATRQT',
      category: 'medications',
      content: encodePart(partOfDispense(told)),
      once: `dispense-${salt.slice(2)}`,
    });
    await DISPENSES.remove(party, [salt]);
    added.push(told.resource as MedicationDispense);
  }
  return added;
}

/**
 * The content of the record of a dispense: the same whoever puts it on the chart.
 *
 * @param told - The dispense, with both signatures.
 */
export function partOfDispense({
  request,
  cosignature,
  resource,
}: Pick<DispenseTold, 'request' | 'cosignature' | 'resource'>): PartContent {
  const dispensed = resource as MedicationDispense;
  const at = Date.parse(dispensed.whenHandedOver ?? '') / 1000;
  const provenance = provenanceOfDispense(dispensed, {
    pharmacist: request.party,
    at,
    signed: base64.encode(utf8ToBytes(canonicalJson({ request, cosignature }))),
  });
  const { salt } = request.message.terms;
  return { ...partOfResource(salt, 'medications', dispensed), provenance };
}
