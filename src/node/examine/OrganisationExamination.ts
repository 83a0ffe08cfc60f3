import type { LedgerIndex } from '../../services/LedgerIndex.ts';
import type { LogName, Organisation } from '../../protocol/ids.ts';
import type { EvidenceReader } from '../../protocol/EvidenceReader.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import type { NodePorts } from '../NodePorts.ts';
import type { OrganisationKeys } from '../organisationKeys.ts';
import type { FolderFault } from './FolderFault.ts';
import type { Scratch } from './Scratch.ts';

/** What was examined of a folder: a log, a vault, what a coordinator keeps, the ledger. */
export interface ExaminedPart {
  /** Where it is, within the data folder. */
  readonly path: string;
  /** What it is, such as `hospital: log care/insurer`. */
  readonly name: string;
  /** What it holds, in words. */
  readonly holds: string;
}

/** Who hears what an examination finds, as it goes on. */
export interface ExaminationHearer {
  fault(fault: FolderFault): void;
  part(part: ExaminedPart): void;
  /** What is being looked at, and how far it is. */
  progress(what: string, done: number, total?: number): void;
}

/** What the ledger says, as far as it can be read. */
export interface LedgerView {
  readonly index: LedgerIndex;
  /** The block that has a transaction. */
  blockOf(transaction: `0x${string}`): number | undefined;
}

/** What the examination of an organisation's folder stands on. */
export interface OrganisationExamination {
  /** The data folder. */
  readonly data: string;
  readonly organisation: Organisation;
  readonly network: NetworkFile;
  readonly keys: OrganisationKeys;
  readonly ports: NodePorts;
  readonly scratch: Pick<Scratch, 'database' | 'note' | 'under'>;
  readonly hearer: ExaminationHearer;
  /** Takes bodies of the network's logs apart; each is taken apart where it is examined if absent. */
  readonly reader?: EvidenceReader;
  /** Absent where the folder has no ledger that can be read. */
  readonly ledger: LedgerView | undefined;
}

/** The folder of one of an organisation's parts, within the data folder. */
export function partPath(
  { organisation }: Pick<OrganisationExamination, 'organisation'>,
  part: string,
): string {
  return `node/${organisation}/${part}`;
}

/** What the scratch notes of the logs of an organisation. */
export const notes = {
  /** Root of a log at a checkpoint's size, as an organisation has it. */
  root: (log: LogName, size: number, organisation: Organisation = ''): string =>
    `root/${log}/${size.toString().padStart(16, '0')}/${organisation}`,
  /** How many entries of a log the organisation has. */
  size: (log: LogName, organisation: Organisation): string => `size/${log}/${organisation}`,
  /** That the organisation's coordinator signed a checkpoint of a log. */
  signed: (log: LogName, organisation: Organisation, size?: number): string =>
    `signed/${log}/${organisation}/${size?.toString().padStart(16, '0') ?? ''}`,
  /** Request that put a version on a chart, as the organisation's coordinator judged. */
  version: (organisation: Organisation, name: string): string => `version/${organisation}/${name}`,
  /** Version of a record that a sealed file belongs to, as the organisation's coordinator judged. */
  file: (organisation: Organisation, file: string): string => `file/${organisation}/${file}`,
} as const;
