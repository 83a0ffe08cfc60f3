import { CLAIM_REASONS } from '../../protocol/care/claimReasons.ts';
import { CLAIM_STATES } from '../../protocol/care/claims.ts';
import { ADDRESS, BYTES32, OneOf } from '../../protocol/wire/findShapeError.ts';

/** Shapes of what the verbs about claims print with `--json`. Amounts are whole hundredths of the currency. */

/** A claim as the ledger has it: `claim withdraw` and the verbs that decide. */
export const CLAIM_TOLD = {
  /** Its digest. */
  claim: BYTES32,
  state: new OneOf(...CLAIM_STATES),
  /** Account that the claim was made with, which tells nobody whose it is. */
  claimant: ADDRESS,
  insurer: ADDRESS,
  /** Account that is paid. */
  payee: ADDRESS,
  /** Amount that is asked for, that of the bill, and what is approved: held until the state is `paid`. */
  amount: 'count',
  total: 'count',
  approved: 'count',
  /** Number of the last step. */
  step: 'count',
  /** Last second of the term. */
  due: 'count',
  /** True if it asks in advance. */
  ahead: 'boolean',
} as const;

/** A claim with its parties, for those who may know them. */
export const CLAIM_NAMED = {
  ...CLAIM_TOLD,
  /** Parties whose accounts these are; of an account that is of no party, the account. */
  parties: { claimant: ADDRESS, payee: ADDRESS },
} as const;

/** A step of a claim that was taken. */
export const CLAIM_CHANGED = { ...CLAIM_TOLD, already: 'boolean' } as const;

/** `claim answer` */
export const CLAIM_ANSWERED = {
  ...CLAIM_CHANGED,
  /** File for the patient, who has yet to let the insurer read. */
  'file?': 'text',
} as const;

/** `claim judge` */
export const CLAIM_JUDGED = {
  ...CLAIM_CHANGED,
  safe: 'boolean',
  /** The log and the entry that the judgement is about, and the reason in words. */
  log: 'text',
  block: 'count',
  reason: 'text',
} as const;

/** `claim submit`, `claim place` */
export const CLAIM_SUBMITTED = {
  claim: BYTES32,
  already: 'boolean',
  /** File for the patient, who has yet to let the insurer read. */
  'file?': 'text',
} as const;

/** `claim bill` */
export const BILL_SIGNED = {
  total: 'count',
  file: 'text',
} as const;

/** `claim permit` */
export const CLAIM_PERMITTED = {
  claim: BYTES32,
  insurer: ADDRESS,
  /** Total that an insurer was shown before, if the patient signed a higher one. */
  'lower?': 'count',
  /** Records that the insurer may read. */
  records: [BYTES32],
  file: 'text',
} as const;

/** `claim explain` */
export const CLAIM_EXPLAINED = {
  claim: BYTES32,
  /** The record on the chart. */
  record: BYTES32,
  /** Code of the decision's reason. */
  reason: 'text',
  currency: 'text',
  /** Amounts that were asked for, and that are approved. */
  amount: 'count',
  approved: 'count',
  already: 'boolean',
} as const;

/** `claim list` */
export const CLAIMS_LISTED = {
  claims: [CLAIM_NAMED],
  /** Records that may hold more claims and could not be read now. */
  unread: 'count',
} as const;

/** `claim show` */
export const CLAIM_SHOWN = {
  ...CLAIM_NAMED,
  currency: 'text',
  lines: [{ service: 'text', units: 'count' }],
  /** Records that it rests on, each of which is the one that was signed. */
  records: [BYTES32],
  /** Other claims for the same treatment, as the ledger has them. */
  beside: [CLAIM_TOLD],
  /** Decisions of which the insurer told this device. */
  decisions: [{ step: 'count', reason: new OneOf(...CLAIM_REASONS) }],
} as const;
