import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { CopiedEntry, EvidenceLog } from '../../log/EvidenceLog.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { parseEntryBody } from '../../protocol/evidence/parseBody.ts';
import type { Vault } from '../../vault/Vault.ts';
import type { ContributorPort } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { inLanes } from '../inLanes.ts';
import type { NamedPeer } from './NamedPeer.ts';
import { obtainFile } from './obtainFile.ts';
import { namedFiles, type NamedFile } from './WantedFile.ts';

/** Number of entries that are read at once. */
const PAGE = 256;
/** Number of files that are examined at once. */
const LANES = 4;

/** Result of a repair in the vault. */
export interface FilesRepair {
  /** Number of files that were read and hashed, or missed. */
  readonly examined: number;
  /** Files that were absent or damaged, and were fetched from a peer. */
  readonly restored: readonly Bytes32[];
  /** Files that are absent or damaged, and that no peer gave. */
  readonly lost: readonly Bytes32[];
}

/** Options of `repairFiles`. */
export interface FilesRepairOptions {
  readonly vault: Vault;
  /** Peers to ask, in this order. */
  readonly peers: readonly NamedPeer<Pick<ContributorPort, 'file'>>[];
  /** Tells whether the organisation is one of those that keep a file. */
  readonly isKept: (file: NamedFile) => boolean;
  /** Notes a file that may be here though others are to keep it. */
  readonly note: (file: NamedFile) => Promise<void>;
  /** Tells whether a file was erased. */
  readonly isErased: (file: NamedFile) => Promise<boolean>;
  /** Ends the repair early. */
  readonly signal: AbortSignal;
}

/**
 * Reads every sealed file that the accepted writes of a log name, and fetches from peers those that are absent or do
 * not match their hash. Files that others are to keep, or that were erased, are neither read nor fetched.
 *
 * @param context - The organisation's context.
 * @param log - A log that was repaired.
 * @param options - Vault and peers.
 * @throws MedsealError `FOLDER_UNWRITABLE`, `STORAGE_FAILED`, `STORAGE_FULL`; `CLOSED` if it was ended.
 */
export async function repairFiles(
  { clock }: Pick<ServiceContext, 'clock'>,
  log: EvidenceLog,
  { vault, peers, signal, isKept, isErased, note }: FilesRepairOptions,
): Promise<FilesRepair> {
  const restored: Bytes32[] = [];
  const lost: Bytes32[] = [];
  let examined = 0;
  await inLanes(filesOf(log), LANES, async (file) => {
    if (signal.aborted) throw new MedsealError('CLOSED', { what: 'contributor' });
    if (await isErased(file)) return;
    if (!isKept(file)) return await note(file);
    examined += 1;
    const { hash, handle } = file;
    if (await isWhole(vault, hash)) {
      await vault.own(hash, handle);
      return;
    }
    try {
      await obtainFile(vault, file, peers, { now: seconds(clock), signal });
      await vault.own(hash, handle);
      restored.push(hash);
    } catch (error) {
      if (isOfStorage(error) || signal.aborted) throw error;
      lost.push(hash);
    }
  });
  return { examined, restored, lost };
}

async function* filesOf(log: EvidenceLog): AsyncIterable<NamedFile> {
  for (let from = 0; from < log.size; from += PAGE) {
    const range = { from, to: Math.min(from + PAGE, log.size) };
    for (const { body } of await log.copies(range).catch(async () => await oneByOne(log, range))) {
      if (body !== undefined) yield* namedFiles(parseEntryBody(body));
    }
  }
}

/** Reads the legible entries of a range; a body that is damaged for good names nothing. */
async function oneByOne(
  log: EvidenceLog,
  range: { from: number; to: number },
): Promise<CopiedEntry[]> {
  const entries: CopiedEntry[] = [];
  for (let index = range.from; index < range.to; index++) {
    entries.push(...(await log.copies({ from: index, to: index + 1 }).catch(() => [])));
  }
  return entries;
}

/** Tells whether every byte is there and unaltered; false for a file that cannot be read. */
async function isWhole(vault: Vault, hash: Bytes32): Promise<boolean> {
  try {
    for await (const _ of vault.get(hash));
    return true;
  } catch (error) {
    // A store that does not answer has lost nothing.
    if (isMedsealError(error, 'STORAGE_FAILED')) throw error;
    return false;
  }
}

function isOfStorage(error: unknown): boolean {
  return (['FOLDER_UNWRITABLE', 'STORAGE_FAILED', 'STORAGE_FULL'] as const).some((code) =>
    isMedsealError(error, code),
  );
}
