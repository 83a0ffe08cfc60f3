import type { Address } from '../ids.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import type { CareType, ClaimType, Messages, RuleType, Signed } from './requests.ts';
import { ATTESTERS } from '../care/mayAttest.ts';
import { CLAIMANTS } from '../rights/tellsOfPerson.ts';
import type { UnitType } from './unitTypes.ts';
import type { MandateType } from '../care/mandates.ts';
import type { VitalType } from './vitalTypes.ts';
import type { Role, Service } from '../vocabulary.ts';

/** The structs that the network's contracts take. */
export type LedgerType =
  | RuleType
  | CareType
  | VitalType
  | MandateType
  | UnitType
  | 'Enrolment'
  | 'Suspension'
  | 'KeyChange'
  | 'Recovery'
  | 'Veto'
  | 'Advance';

/** Kind of an event, and names of fields of it. */
export type Effect = readonly [event: string, ...fields: readonly string[]];

/** A request to the ledger: who takes it, and who may make it. */
export interface LedgerRequest<Type extends LedgerType> {
  /** The contract that takes it. */
  readonly contract: keyof NetworkFile['contracts'];
  /** Function of the contract: it takes lists, a request at each place. */
  readonly call: string;
  /** The author that it names; absent if its patient or an office signs, or whoever has a key of what it is about. */
  readonly author?: (message: Messages[Type]) => Address;
  /** The roles of which its author needs one, where a node judges that; absent if any party may make it. */
  readonly roles?: readonly Role[];
  /**
   * The key whose signature the ledger sees in place of the party's, which would tell every reader who it is: the holder's,
   * or an account's, unless the party acts by its own. Absent if it sees the party's.
   */
  readonly signer?: 'holder' | 'account';
  /**
   * Event of the contract that tells of it, and the event's fields that tell it from any other request: those that the request
   * has too, the hash of its terms, or its digest. Absent if nobody asks for its place by them.
   */
  readonly effect?: Effect;
  /** True if coordinators vouch for it before it goes to the ledger: its contract cannot judge all of it. */
  readonly vouched?: true;
}

/** All requests to the ledger. */
export const LEDGER_REQUESTS: { readonly [Type in LedgerType]: LedgerRequest<Type> } = {
  Enrolment: { contract: 'registry', call: 'enrol' },
  Suspension: { contract: 'registry', call: 'suspend' },
  KeyChange: { contract: 'registry', call: 'changeKeys', author: ({ party }) => party },
  Recovery: { contract: 'registry', call: 'recover' },
  Veto: { contract: 'registry', call: 'veto', author: ({ party }) => party },

  Grant: { contract: 'consent', call: 'grant' },
  Revoke: { contract: 'consent', call: 'revoke' },
  End: { contract: 'consent', call: 'end' },
  CommitEpochs: {
    contract: 'consent',
    call: 'commitEpochs',
    effect: ['EpochsCommitted', 'handle', 'first', 'root'],
  },
  Advance: { contract: 'consent', call: 'advance' },

  Prescription: {
    contract: 'prescriptions',
    call: 'prescribe',
    effect: ['Prescribed', 'prescription'],
    author: ({ prescriber }) => prescriber,
    roles: ['doctor'],
    vouched: true,
  },
  Dispense: {
    contract: 'prescriptions',
    call: 'dispense',
    effect: ['Dispensed', 'dispense'],
    author: ({ terms }) => terms.pharmacist,
    roles: ['pharmacist'],
    signer: 'holder',
  },
  HoldPrescription: {
    contract: 'prescriptions',
    call: 'hold',
    effect: ['PrescriptionHeld', 'prescription', 'step', 'held'],
    roles: ['doctor'],
  },
  CancelPrescription: {
    contract: 'prescriptions',
    call: 'cancel',
    effect: ['PrescriptionEnded', 'prescription', 'replacement'],
    roles: ['doctor'],
  },
  PassPrescription: {
    contract: 'prescriptions',
    call: 'pass',
    effect: ['HolderChanged', 'prescription', 'step', 'holder', 'slip'],
    signer: 'holder',
  },

  InsuranceClaim: {
    contract: 'claims',
    call: 'submit',
    effect: ['Claimed', 'claim'],
    author: ({ terms }) => terms.claimant,
    roles: CLAIMANTS,
    signer: 'account',
    vouched: true,
  },
  ClaimDecision: {
    contract: 'claims',
    call: 'decide',
    effect: ['ClaimDecided', 'claim', 'step', 'termsHash'],
    roles: ['insurer'],
    signer: 'account',
  },
  ClaimSupplement: {
    contract: 'claims',
    call: 'supplement',
    effect: ['ClaimSupplemented', 'claim', 'step', 'termsHash'],
    roles: CLAIMANTS,
    signer: 'account',
    vouched: true,
  },
  WithdrawClaim: {
    contract: 'claims',
    call: 'withdraw',
    effect: ['ClaimWithdrawn', 'claim', 'step'],
    roles: CLAIMANTS,
    signer: 'account',
  },
  DisputeClaim: {
    contract: 'claims',
    call: 'dispute',
    effect: ['ClaimDisputed', 'claim', 'step', 'termsHash'],
    roles: [...CLAIMANTS, 'insurer'],
    signer: 'account',
    vouched: true,
  },
  ClaimJudgement: {
    contract: 'claims',
    call: 'judge',
    effect: ['ClaimJudged', 'claim', 'step', 'termsHash'],
    author: ({ verifier }) => verifier,
    roles: ['verifier'],
    signer: 'account',
    vouched: true,
  },

  Birth: {
    contract: 'vitalRecords',
    call: 'reportBirths',
    effect: ['VitalReported', 'report'],
    author: ({ reporter }) => reporter,
    roles: ['registrar'],
  },
  Death: {
    contract: 'vitalRecords',
    call: 'reportDeaths',
    effect: ['VitalReported', 'report'],
    author: ({ reporter }) => reporter,
    roles: ATTESTERS,
  },
  ConfirmVital: {
    contract: 'vitalRecords',
    call: 'confirm',
    effect: ['VitalConfirmed', 'what', 'report', 'step', 'confirmer'],
    author: (word) => word.confirmer,
    roles: ATTESTERS,
  },
  UndoVital: {
    contract: 'vitalRecords',
    call: 'undo',
    effect: ['VitalUndone', 'undoing'],
    author: ({ first }) => first,
    roles: ATTESTERS,
  },
  ObjectToVital: { contract: 'vitalRecords', call: 'object', effect: ['VitalUndone', 'undoing'] },
  Will: { contract: 'vitalRecords', call: 'setWill', effect: ['WillSet', 'will'] },

  Mandate: { contract: 'mandates', call: 'appoint', effect: ['Appointed', 'mandate'] },
  EndMandate: { contract: 'mandates', call: 'end', effect: ['MandateEnded', 'handle', 'key'] },

  IssueUnits: {
    contract: 'settlement',
    call: 'issue',
    effect: ['Issued', 'organisation', 'account', 'amount', 'number'],
  },
  RedeemUnits: {
    contract: 'settlement',
    call: 'redeem',
    effect: ['Redeemed', 'organisation', 'holder', 'amount', 'number'],
    author: ({ holder }) => holder,
  },
};

/**
 * Returns the party that a request names as its author; undefined if it names none.
 *
 * @param request - The request, well formed.
 */
export function authorOf({
  type,
  message,
}: Pick<Signed<LedgerType>, 'type' | 'message'>): Address | undefined {
  const { author } = LEDGER_REQUESTS[type] as LedgerRequest<typeof type>;
  return author?.(message);
}

/**
 * Tells whether a role is one that a request of a type needs of its author; any is if a node does not judge that.
 *
 * @param type - The type.
 * @param role - Role of the author; undefined if nobody knows it.
 */
export function roleFits(type: LedgerType, role: Role | Service | undefined): boolean {
  const { roles } = LEDGER_REQUESTS[type];
  return roles === undefined || roles.some((each) => each === role);
}

/** The requests that change rules. */
export const RULE_TYPES = [
  'Grant',
  'Revoke',
  'End',
  'CommitEpochs',
] as const satisfies readonly RuleType[];

/**
 * Tells whether a request ends a right, which waits for no room and no quota.
 *
 * @param type - Not trusted.
 */
export function endsRight(type: unknown): boolean {
  return type === 'Revoke' || type === 'End';
}

const CARE: readonly unknown[] = ['prescriptions', 'claims'];

/** The requests of care: prescriptions, claims, and the steps of either. */
export const CARE_TYPES = (Object.keys(LEDGER_REQUESTS) as LedgerType[]).filter(isCareType);

/**
 * Tells whether this is the name of a request of care.
 *
 * @param type - Not trusted.
 */
export function isCareType(type: unknown): type is CareType {
  if (typeof type !== 'string' || !Object.hasOwn(LEDGER_REQUESTS, type)) return false;
  return CARE.includes(LEDGER_REQUESTS[type as LedgerType].contract);
}

/**
 * Tells whether a request of care is a claim, or a step of one.
 *
 * @param type - Its name.
 */
export function isClaimType(type: CareType): type is ClaimType {
  return LEDGER_REQUESTS[type].contract === 'claims';
}
