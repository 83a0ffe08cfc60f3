import type { LedgerFaultKind } from '../../ledger/examine/LedgerFault.ts';
import type { LogFaultKind } from '../../log/examineRows.ts';
import type { Fault } from '../../protocol/Fault.ts';

/** Classes of what can be wrong in a folder, beside those of logs and of the ledger. */
export type FolderFaultKind =
  | LogFaultKind
  | LedgerFaultKind
  /** Bytes of a database's file are not as they were written, or a file is lost. */
  | 'database-file'
  /** Rows of a database are not as they were written, whatever its files say. */
  | 'database-row'
  /** A database cannot be read. */
  | 'database-unreadable'
  /** Others on this machine can write to a folder or file, and so could have replaced what is in it. */
  | 'exposed'
  /** The founding of the network is lost or altered. */
  | 'founding'
  /** The network file is lost, altered, or not that of the keys and the ledger; so is one that the folder signed, or holds as proof. */
  | 'network-file'
  /** Keys of a node, of the authority or of a party are lost or altered. */
  | 'keys'
  /** The newest block that was verified, or proof that the ledger forked, was altered, or is of another ledger. */
  | 'ledger-proof'
  /** A row of the node's index of the ledger was altered, or is not what the ledger says. */
  | 'ledger-index'
  /** A patient ID that the authority issued is lost or altered. */
  | 'issued'
  /** The memory of a device cannot be read. */
  | 'device'
  /** Copies of one log are not one history. */
  | 'log-fork'
  /** A sealed file that an entry names is lost or altered. */
  | 'vault-file'
  /** The vault's index does not fit its files, or nobody owns a file. */
  | 'vault-index'
  /** A body that the coordinator judged is lost or altered. */
  | 'coordinator-body'
  /** The list of a set of views that the coordinator judged is lost or altered. */
  | 'coordinator-list'
  /** A promise or signature of the coordinator cannot be read, or contradicts the log. */
  | 'coordinator-promise'
  /** A log asked for a checkpoint over an entry that too few judged: evidence of that misbehaviour is stored. */
  | 'coordinator-unjudged'
  /** The note of a file that is still to be copied was altered. */
  | 'contributor-wanted'
  /** A letter that waits for its reader was altered, or is not in the indexes by reader and by sender. */
  | 'letters'
  /** A packet, a sheet, a state or a card is lost, altered, or does not match what binds it. */
  | 'kept';

/** Damage in a folder. */
export interface FolderFault extends Fault<FolderFaultKind> {
  /** Path of the damaged part, within the data folder, such as `node/hospital/logs/insurer`. */
  readonly path: string;
}

/** The most faults that are listed one by one. */
const TOLD = 1000;

/** Faults of an examination: the first ones in full, and the number of each class. */
export class FaultList {
  readonly told: FolderFault[] = [];
  readonly counts = new Map<FolderFaultKind, number>();
  /** Paths of parts that can be rebuilt from intact data. */
  readonly rebuildable = new Set<string>();

  #remarks = 0;

  /** True if nothing needs repair. */
  get onlyRemarks(): boolean {
    return this.#remarks === this.size;
  }

  /** Notes a fault. */
  add(fault: FolderFault): void {
    this.counts.set(fault.kind, (this.counts.get(fault.kind) ?? 0) + 1);
    if (fault.remedy === 'none') this.#remarks += 1;
    if (fault.remedy === 'rebuild') this.rebuildable.add(fault.path);
    if (this.told.length < TOLD) this.told.push(fault);
  }

  /** Number of all faults. */
  get size(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }
}
