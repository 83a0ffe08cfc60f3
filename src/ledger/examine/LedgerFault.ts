import type { Fault } from '../../protocol/Fault.ts';

/** Classes of faults in an embedded ledger's database. */
export type LedgerFaultKind =
  /** It is of another ledger, or does not name its ledger or its last block. */
  | 'ledger-identity'
  /** A block is lost, altered, or does not follow from the one before. */
  | 'ledger-block'
  /** Kept outcomes of transactions are lost or altered. */
  | 'ledger-receipts'
  /** A node of the state's tries, or a contract's code, is lost or altered. */
  | 'ledger-state'
  /** An index does not lead where it must, or something is there that nothing leads to. */
  | 'ledger-index';

export type LedgerFault = Fault<LedgerFaultKind>;
