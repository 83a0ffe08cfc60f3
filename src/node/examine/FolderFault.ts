import type { LedgerFaultKind } from '../../ledger/examine/LedgerFault.ts';
import type { LogFaultKind } from '../../log/examineRows.ts';
import type { Fault } from '../../protocol/Fault.ts';

/** Classes of what can be wrong in a folder, beside those of logs and of the ledger. */
export type FolderFaultKind =
  | LogFaultKind
  | LedgerFaultKind
  /** Bytes of a database's file are not as they were written, or a file is lost. */
  | 'database-file'
  /** A database can not be read. */
  | 'database-unreadable'
  /** What the network was founded with is lost or altered. */
  | 'founding'
  /** The network file is lost, altered, or not that of the keys and the ledger. */
  | 'network-file'
  /** Keys of a node, of the authority or of a party are lost or altered. */
  | 'keys'
  /** What the authority issued is lost or altered. */
  | 'issued'
  /** What a device remembers can not be read. */
  | 'device'
  /** Copies of one log are not one history. */
  | 'log-fork'
  /** A sealed file that an entry names is lost or altered. */
  | 'vault-file'
  /** The vault's index does not fit its files, or a file is of nobody. */
  | 'vault-index'
  /** A body that the coordinator judged is lost or altered. */
  | 'coordinator-body'
  /** What the coordinator promised or signed can not be read, or contradicts the log. */
  | 'coordinator-promise'
  /** A log wanted a checkpoint signed over an entry that too few judged: what convicts it is kept. */
  | 'coordinator-unjudged'
  /** A file that is still to be copied is not noted as it was. */
  | 'contributor-wanted'
  /** A letter that waits for its reader was altered, or is not found by reader and sender. */
  | 'letters'
  /** A packet, a sheet, a state or a card is lost, altered, or not what binds it. */
  | 'kept';

/** Something that is not as it must be in a folder. */
export interface FolderFault extends Fault<FolderFaultKind> {
  /** Where, within the data folder, such as `node/hospital/logs/insurer`. */
  readonly path: string;
}

/** How many faults are told one by one. */
const TOLD = 1000;

/** What is wrong, as many as there is room for, and how many there are of each class. */
export class FaultList {
  readonly told: FolderFault[] = [];
  readonly counts = new Map<FolderFaultKind, number>();
  /** Where there is something that follows from what is there. */
  readonly rebuildable = new Set<string>();

  #remarks = 0;

  /** True if there is nothing to make good. */
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

  /** How many there are. */
  get size(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }
}
