import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import type { OpenStore } from '../../vault/storeOpener.ts';
import type { LedgerIndex } from '../LedgerIndex.ts';
import type { LogName, Organisation } from '../../protocol/ids.ts';
import type { EvidenceReader } from '../../protocol/evidence/EvidenceReader.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import type { OrganisationKeys } from '../../folder/organisationKeys.ts';
import type { FolderFault } from './FolderFault.ts';
import type { Scratch } from '../../database/files/Scratch.ts';

/** A part of a folder that was examined: a log, a vault, the rows of a coordinator, the ledger. */
export interface ExaminedPart {
  /** Path of the part, within the data folder. */
  readonly path: string;
  /** Name of the part, such as `hospital: log care/insurer`. */
  readonly name: string;
  /** Its contents, in words. */
  readonly holds: string;
}

/** Receiver of what an examination finds, as it goes on. */
export interface ExaminationHearer {
  fault(fault: FolderFault): void;
  part(part: ExaminedPart): void;
  /** Told the part that is being examined, and the progress. */
  progress(what: string, done: number, total?: number): void;
}

/** View of the ledger, as far as it can be read. */
export interface LedgerView {
  readonly index: LedgerIndex;
  readonly provider: LedgerProvider;
  /** The block that has a transaction. */
  blockOf(transaction: `0x${string}`): number | undefined;
}

/** Context of the examination of an organisation's folder. */
export interface OrganisationExamination {
  /** The data folder. */
  readonly data: string;
  readonly organisation: Organisation;
  readonly network: NetworkFile;
  readonly keys: OrganisationKeys;
  readonly ports: NodePorts;
  readonly scratch: Pick<Scratch, 'store' | 'note' | 'under'>;
  readonly hearer: ExaminationHearer;
  /** Store of its sealed files; in its folder if absent. */
  readonly openStore?: OpenStore;
  /** As in `examineVault`. */
  readonly discardUnknown?: boolean;
  /** Parses bodies of the network's logs; if absent, each is parsed by the thread that examines it. */
  readonly reader?: EvidenceReader;
  /** Absent if the folder has no ledger that can be read. */
  readonly ledger: LedgerView | undefined;
}

/** The folder of one of an organisation's parts, within the data folder. */
export function partPath(
  { organisation }: Pick<OrganisationExamination, 'organisation'>,
  part: string,
): string {
  return `node/${organisation}/${part}`;
}

/** Keys of the notes that the scratch has of an organisation's logs. */
export const notes = {
  /** Root of a log at a checkpoint's size, as an organisation has it. */
  root: (log: LogName, size: number, organisation: Organisation = ''): string =>
    `root/${log}/${size.toString().padStart(16, '0')}/${organisation}`,
  /** Number of entries of a log that the organisation has. */
  size: (log: LogName, organisation: Organisation): string => `size/${log}/${organisation}`,
  /** That the organisation's coordinator signed a checkpoint of a log. */
  signed: (log: LogName, organisation: Organisation, size?: number): string =>
    `signed/${log}/${organisation}/${size?.toString().padStart(16, '0') ?? ''}`,
  /** Request that put a version on a chart, as the organisation's coordinator judged. */
  version: (organisation: Organisation, name: string): string => `version/${organisation}/${name}`,
  /** Version of a record that a sealed file belongs to, as the organisation's coordinator judged. */
  file: (organisation: Organisation, file: string): string => `file/${organisation}/${file}`,
  /** Judgements of a request by the organisation's coordinator. */
  judged: (organisation: Organisation, request: string): string =>
    `judged/${organisation}/${request}/`,
} as const;
