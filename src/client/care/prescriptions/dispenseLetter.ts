import type { MedicationDispense, MedicationRequest } from '@medplum/fhirtypes';
import { makeMedicationDispense } from '../../../fhir/makeMedicationDispense.ts';
import { canonicalJson } from '../../../protocol/wire/canonicalJson.ts';
import { isOfShape } from '../../../protocol/wire/isOfShape.ts';
import { MAX_DEADLINE_AHEAD } from '../../../protocol/evidence/requireTimely.ts';
import { digestOf, signerOf } from '../../../protocol/struct/signing.ts';
import { succeeds } from '../../../protocol/wire/succeeds.ts';
import { unlessMalformed } from '../../../protocol/wire/unlessMalformed.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import { confirmSigner } from '../../audit/confirmSigner.ts';
import type { LetterKind } from '../../letters/LetterKind.ts';
import type { Party } from '../../party/Party.ts';
import { ownHandle } from '../../state/ownHandle.ts';
import type { DispenseTold } from '../../letters/DispenseTold.ts';
import { DISPENSE_TOLD } from './dispenseToldShape.ts';
import { DISPENSES } from './keptDispenses.ts';
import { contentHash } from './prescriptionRecord.ts';

/** Most characters of a pharmacist's note. */
const MOST_NOTE = 1000;

/**
 * A dispense to the reader, of which a pharmacist tells. The device adds it to the chart by itself, so nothing of it
 * counts because the letter says it: k coordinators confirm that the ledger has this very dispense, which key of the
 * prescription signed it, and that the sender is a pharmacist whose key signed it then; hashes bind the rest to it; and the
 * MedicationDispense is made again from the prescription's own words.
 */
export const DISPENSE_LETTER: LetterKind = {
  field: 'dispensed',
  proofs: {
    'request.party': 'facts',
    'request.message': 'facts',
    'request.signature': 'facts',
    cosignature: 'facts',
    prescription: 'hash',
    order: 'hash',
    resource: 'made again',
  },
  take: async (party, { from, content }) => {
    const told: unknown = content.dispensed;
    if (!isOfShape(DISPENSE_TOLD, told) || told.request.party !== from) return 'refused';
    if (!succeeds(() => isBound(party, told))) return 'refused';
    const { handle } = told.prescription.terms;
    const own = await ownHandle(party);
    if (own !== undefined && own !== handle) return 'refused';
    const { message, signature } = told.request;
    const digest = digestOf(party, 'Dispense', message);
    const facts = await confirmFacts(party, { party: from, dispense: digest, handle });
    if (facts.patient !== undefined && facts.patient.controller !== party.address) return 'refused';
    const { dispense, party: pharmacist } = facts;
    if (own === undefined || dispense === undefined || pharmacist === undefined) return 'unknown';
    const slip = unlessMalformed(() => signerOf(party, 'Dispense', message, told.cosignature));
    const signer = unlessMalformed(() => signerOf(party, 'Dispense', message, signature));
    if (pharmacist.role !== 'pharmacist' || slip !== dispense.slip) return 'refused';
    // The pharmacist may have changed the key since the ledger took the dispense.
    const asked = signer && { name: from, signer, asOf: dispense.block };
    if (asked === undefined || (await confirmSigner(party, asked)) !== 'present') return 'refused';
    await DISPENSES.put(party, told);
    return { dispenses: 1 };
  },
};

/** Tells whether hashes bind prescription, order and resource to the dispense, and the resource says nothing else. */
function isBound(
  party: Party,
  { request: { party: pharmacist, message }, prescription, order, resource }: DispenseTold,
): boolean {
  const { primitives } = party;
  const { terms, amount, deadline } = message;
  const digest = digestOf(party, 'Prescription', prescription);
  const { whenHandedOver = '', note } = resource as MedicationDispense;
  const at = Date.parse(whenHandedOver) / 1000;
  const text = note?.[0]?.text;
  const made = makeMedicationDispense(order as MedicationRequest, {
    prescription: digest,
    pharmacist,
    amount,
    at,
    ...(text !== undefined && { note: text }),
  });
  return (
    terms.pharmacist === pharmacist &&
    message.prescription === digest &&
    prescription.terms.content === contentHash(primitives, order) &&
    terms.content === contentHash(primitives, resource) &&
    at <= deadline &&
    at >= deadline - MAX_DEADLINE_AHEAD &&
    (text === undefined || (typeof text === 'string' && text.length <= MOST_NOTE)) &&
    canonicalJson(made) === canonicalJson(resource)
  );
}
