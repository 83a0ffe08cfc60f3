import { MedsealError } from '../../errors/MedsealError.ts';
import type { ClaimJudgement, InsuranceClaim } from '../../protocol/care/claims.ts';
import { CARE_TYPES } from '../../protocol/struct/careTypes.ts';
import { requireEnrolled } from '../../protocol/evidence/judgeEvidence.ts';
import { parseSigned } from '../../protocol/struct/parseSigned.ts';
import type { Dispense, Prescription } from '../../protocol/care/prescriptions.ts';
import type { Signed, CareType } from '../../protocol/struct/requests.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import { CLAIMANTS } from '../../protocol/rights/tellsOfPerson.ts';
import type { Role } from '../../protocol/vocabulary.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * The roles that a party needs for each request; any party that has the holder's key may pass it on.
 */
const ROLES_FOR: Readonly<Record<CareType, readonly Role[] | undefined>> = {
  Prescription: ['doctor'],
  HoldPrescription: ['doctor'],
  CancelPrescription: ['doctor'],
  Dispense: ['pharmacist'],
  PassPrescription: undefined,
  InsuranceClaim: CLAIMANTS,
  ClaimSupplement: CLAIMANTS,
  WithdrawClaim: CLAIMANTS,
  ClaimDecision: ['insurer'],
  DisputeClaim: [...CLAIMANTS, 'insurer'],
  ClaimJudgement: ['verifier'],
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
  const roles = ROLES_FOR[type];
  const role = index.party(party)?.role;
  const hasRole = roles === undefined || roles.some((each) => each === role);
  if (!hasRole || !namesItself(request)) throw new MedsealError('RIGHT_MISSING', {});
  return request;
}

function namesItself({ party, type, message }: Signed<CareType>): boolean {
  switch (type) {
    case 'Prescription':
      return (message as Prescription).prescriber === party;
    case 'Dispense':
      return (message as Dispense).terms.pharmacist === party;
    case 'InsuranceClaim':
      return (message as InsuranceClaim).terms.claimant === party;
    case 'ClaimJudgement':
      return (message as ClaimJudgement).verifier === party;
    case 'HoldPrescription':
    case 'CancelPrescription':
    case 'PassPrescription':
    case 'ClaimDecision':
    case 'DisputeClaim':
    case 'ClaimSupplement':
    case 'WithdrawClaim':
      return true;
  }
}
