import { addressOf } from '../../../crypto/addressOf.ts';
import { hexToBytes } from '../../../crypto/bytes.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import type { Address, Bytes32 } from '../../../protocol/ids.ts';
import type { PrescriptionFacts } from '../../../protocol/care/prescriptions.ts';
import { digestOf } from '../../../protocol/struct/signing.ts';
import { succeeds } from '../../../protocol/wire/succeeds.ts';
import { networkOnCard } from '../../party/confirmContact.ts';
import type { Party } from '../../party/Party.ts';
import { confirmPrescription } from './confirmPrescription.ts';
import { codeOfRequest, contentHash } from './prescriptionRecord.ts';
import type { Slip } from './Slip.ts';

/** A slip that the ledger confirms. */
export interface SlipRead {
  readonly slip: Slip;
  /** Digest of the prescription. */
  readonly digest: Bytes32;
  /** The prescription as the ledger has it now. */
  readonly facts: PrescriptionFacts;
}

/**
 * Compares a slip with the ledger, as k coordinators confirm it: its words are those that the prescriber signed, its key
 * is the one that may show it, and its state is the present one.
 *
 * @param party - The pharmacist, or the patient.
 * @param slip - Not trusted.
 * @throws MedsealError `SLIP_INVALID` for a slip of another network, or whose words are not those of the prescription;
 * `SLIP_REPLACED` if another key shows the prescription now; `NOT_FOUND` if the ledger does not have it;
 * `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`.
 * @example
 * ```ts
 * const text = prompt('Paste the prescription') ?? '';
 * const { slip, facts } = await readSlip(pharmacist, parseSlip(text));
 * console.log(`${slip.prescription.terms.medicine}: ${facts.state}`);
 * ```
 */
export async function readSlip(party: Party, slip: Slip): Promise<SlipRead> {
  const { prescription, request, key, network } = slip;
  if (network !== networkOnCard(party.network)) throw invalid('it is of another network');
  const { terms } = prescription;
  if (contentHash(party.primitives, request) !== terms.content) {
    throw invalid('its MedicationRequest is another');
  }
  if (!saysTheSame(slip)) throw invalid('its MedicationRequest says something else');
  const digest = digestOf(party, 'Prescription', prescription);
  const facts = await confirmPrescription(party, digest);
  if (!isKeyOf(party, key, facts.slip)) throw new MedsealError('SLIP_REPLACED', {});
  return { slip, digest, facts };
}

function isKeyOf({ primitives }: Party, key: Bytes32, address: Address): boolean {
  return succeeds(() => addressOf(primitives, primitives.publicKey(hexToBytes(key))) === address);
}

/** The words that the ledger's amounts stand for are those of the resource that is dispensed by. */
function saysTheSame({ prescription, request }: Slip): boolean {
  return succeeds(() => {
    const { terms, prescriber, amount, fills } = prescription;
    const { medicationCodeableConcept, subject, requester, dispenseRequest } = request;
    return (
      medicationCodeableConcept?.text === terms.medicine &&
      codeOfRequest(request) === terms.code &&
      subject?.identifier?.value === terms.handle &&
      requester?.identifier?.value === prescriber &&
      dispenseRequest?.quantity?.value === amount &&
      dispenseRequest.quantity.unit === terms.unit &&
      dispenseRequest.numberOfRepeatsAllowed === fills - 1
    );
  });
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SLIP_INVALID', { reason });
}
