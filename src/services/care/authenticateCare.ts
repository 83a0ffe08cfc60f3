import { MedsealError } from '../../errors/MedsealError.ts';
import { CARE_TYPES } from '../../protocol/careTypes.ts';
import { requireEnrolled } from '../../protocol/judgeEvidence.ts';
import { parseSigned } from '../../protocol/parseSigned.ts';
import type { Dispense, Prescription } from '../../protocol/prescriptions.ts';
import type { Signed, CareType } from '../../protocol/requests.ts';
import { digestOf } from '../../protocol/signing.ts';
import type { Role } from '../../protocol/vocabulary.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** The role that a party needs for each request; any party that has the holder's key may pass it on. */
const ROLE_FOR: Readonly<Record<CareType, Role | undefined>> = {
  Prescription: 'doctor',
  HoldPrescription: 'doctor',
  CancelPrescription: 'doctor',
  Dispense: 'pharmacist',
  PassPrescription: undefined,
};

/**
 * Checks that a request of care is signed by the party that it names, in the role that it needs.
 *
 * @param context - The node's own view.
 * @param value - Not trusted.
 * @param keys - `ever` to take a former key of the party too, for what was deposited while it was the present one.
 * @throws MedsealError `REQUEST_MALFORMED`, `PARTY_UNKNOWN`, `RIGHT_MISSING`, `SIGNATURE_INVALID`.
 */
export function authenticateCare(
  context: ServiceContext,
  value: unknown,
  keys: 'present' | 'ever' = 'present',
): Signed<CareType> {
  const { index } = context;
  const request = parseSigned(value, CARE_TYPES);
  const { party, type } = request;
  const present = requireEnrolled(index, party);
  const digest = digestOf(context, type, request.message);
  const signer = context.recovered.signerOf(context, digest, request.signature);
  const isOwn = keys === 'ever' ? index.signersOf(party).includes(signer) : signer === present;
  if (!isOwn) throw new MedsealError('SIGNATURE_INVALID', {});
  const role = ROLE_FOR[type];
  const hasRole = role === undefined || index.party(party)?.role === role;
  if (!hasRole || !namesItself(request)) throw new MedsealError('RIGHT_MISSING', {});
  return request;
}

function namesItself({ party, type, message }: Signed<CareType>): boolean {
  if (type === 'Prescription') return (message as Prescription).prescriber === party;
  return type !== 'Dispense' || (message as Dispense).terms.pharmacist === party;
}
