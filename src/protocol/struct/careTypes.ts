import type { FurtherContract } from '../network/furtherContracts.ts';
import type { CareType, ClaimType } from './requests.ts';

/** The requests of care that go to the ledger, each with the contract that takes it. */
export const CARE_CONTRACTS: Readonly<Record<CareType, FurtherContract>> = {
  Prescription: 'prescriptions',
  Dispense: 'prescriptions',
  HoldPrescription: 'prescriptions',
  CancelPrescription: 'prescriptions',
  PassPrescription: 'prescriptions',
  InsuranceClaim: 'claims',
  ClaimDecision: 'claims',
  ClaimSupplement: 'claims',
  WithdrawClaim: 'claims',
  DisputeClaim: 'claims',
  ClaimJudgement: 'claims',
};

/** Their names. */
export const CARE_TYPES = Object.keys(CARE_CONTRACTS) as readonly CareType[];

/**
 * Tells whether this is the name of a request of care.
 *
 * @param type - Not trusted.
 */
export function isCareType(type: unknown): type is CareType {
  return typeof type === 'string' && Object.hasOwn(CARE_CONTRACTS, type);
}

/**
 * Tells whether a request of care is a claim, or a step of one.
 *
 * @param type - Its name.
 */
export function isClaimType(type: CareType): type is ClaimType {
  return CARE_CONTRACTS[type] === 'claims';
}
