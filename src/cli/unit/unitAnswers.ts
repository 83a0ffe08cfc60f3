import { ADDRESS, BYTES32 } from '../../protocol/wire/findShapeError.ts';

/** Shapes of what the verbs about settlement units print with `--json`. Amounts are hundredths of the currency. */

/** `unit issue`, `unit accept` */
export const UNITS_PLACED = {
  organisation: 'text',
  account: ADDRESS,
  amount: 'count',
  /** Units that the organisation has outstanding now. */
  outstanding: 'count',
  transaction: BYTES32,
  block: 'count',
  /** Of a redemption: the party whose units they were. */
  'owner?': ADDRESS,
  /** Of an issue: true if an earlier run had signed it. */
  'already?': 'boolean',
} as const;

/** `unit redeem` */
export const REDEMPTION_SIGNED = {
  organisation: 'text',
  account: ADDRESS,
  amount: 'count',
  file: 'text',
  /** Last second at which the ledger takes it. */
  deadline: 'count',
} as const;

/** `unit show` */
export const UNITS_SHOWN = {
  account: ADDRESS,
  balance: 'count',
  /** Accounts of your claims that hold something; none for another's account. */
  accounts: [{ claim: BYTES32, account: ADDRESS, balance: 'count' }],
  /** Organisations of the authority that have units outstanding. */
  issuers: [{ organisation: 'text', outstanding: 'count' }],
} as const;
