import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import type { FileIdentity, Vault } from '../../vault/Vault.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { FileCopies } from './FileCopies.ts';
import { holdFiles, type FilesSource, type HeldFiles } from './holdFiles.ts';
import { inOrderOfSettling } from './inOrderOfSettling.ts';
import type { NamedPeer } from './NamedPeer.ts';
import { COPY_LEASE, obtainFile } from './obtainFile.ts';
import type { SurplusFiles } from './SurplusFiles.ts';
import { UnownedFiles } from './UnownedFiles.ts';
import type { Erasures } from '../entries/Erasures.ts';
import type { NamedFile, WantedFile } from './WantedFile.ts';

/** Options of `createFileHolder`. */
export interface FileHolderOptions {
  readonly vault: Vault;
  /** Copies files in the background. */
  readonly copies: FileCopies;
  /** Files that others are to keep. */
  readonly surplus: SurplusFiles;
  readonly erasures: Erasures;
  /** Tells whether the organisation is one of those that keep a file. */
  readonly isKept: (file: WantedFile) => boolean;
  readonly peers: readonly NamedPeer[];
  /** Peers in the order in which they are asked for files of a log. */
  readonly peersFor: (log: LogName) => readonly NamedPeer[];
  /** Ends what is under way. */
  readonly signal: AbortSignal;
}

/** Sees that a vault holds sealed files, and fetches from peers what it does not. */
export interface FileHolder {
  /**
   * Sees that the vault holds a sealed file, and fetches it from a peer where it does not.
   * @throws MedsealError `FILE_ABSENT` if no peer gives it; `RECORD_ERASED`.
   */
  obtain(hash: Bytes32): Promise<void>;
  /**
   * Fetches a sealed file from a peer in place of one that was damaged.
   * @throws MedsealError `FILE_ABSENT` if no peer gives it.
   */
  mend(hash: Bytes32): Promise<void>;
  /**
   * Sees that the vault holds files, whole and synced, and fetches from peers what it does not, up to a limit of what
   * no entry names yet: a file beyond it fails with `QUOTA_SPENT`.
   * @param files - Which.
   * @param log - The log whose organisation is asked first.
   * @throws MedsealError `QUOTA_SPENT` while files are fetched for too many arrays of the log.
   */
  hold(files: readonly FileIdentity[], log: LogName): Promise<HeldFiles>;
  /** Sees that files come to their owners, whom entries name, unless they were erased. */
  want(files: readonly NamedFile[]): Promise<void>;
}

/**
 * Number of arrays of one log for which files are fetched at once: whoever asks may have gone, and who gives them may
 * take its time.
 */
export const MOST_HOLDING = 512;

/**
 * Makes a file holder.
 *
 * @param context - The organisation's context.
 * @param options - Vault and peers.
 */
export function createFileHolder(context: ServiceContext, options: FileHolderOptions): FileHolder {
  const { clock } = context;
  const { vault, copies, surplus, erasures, isKept, peers, signal } = options;
  const unowned = new UnownedFiles();
  /** Number of arrays of each log for which files are being fetched. */
  const holding = new Map<LogName, number>();

  return { obtain, mend, hold, want };

  async function hold(files: readonly FileIdentity[], log: LogName): Promise<HeldFiles> {
    const running = holding.get(log) ?? 0;
    if (running >= MOST_HOLDING && files.length > 0) {
      throw new MedsealError('QUOTA_SPENT', { what: 'sealed files that arrive at once' });
    }
    holding.set(log, running + 1);
    try {
      const { primitives } = context;
      const now = seconds(clock);
      const lease = { now, until: now + COPY_LEASE };
      const source = { vault, peers: options.peersFor(log), now, primitives };
      const reserve: FilesSource['reserve'] = (file) => unowned.reserve(log, file, lease);
      return await holdFiles({ ...source, reserve, signal }, files);
    } finally {
      holding.set(log, (holding.get(log) ?? 1) - 1);
    }
  }

  async function want(named: readonly NamedFile[]): Promise<void> {
    const erased = await Promise.all(named.map(async (file) => await erasures.isErased(file)));
    const files = named.filter((_, i) => erased[i] !== true);
    await copies.want(files.filter(isKept));
    await surplus.note(
      files.filter((file) => !isKept(file)),
      seconds(clock),
    );
    unowned.named(named);
  }

  async function obtain(hash: Bytes32): Promise<void> {
    await requireUnerased(hash);
    if ((await vault.stat(hash)) === undefined) await mend(hash);
  }

  async function requireUnerased(hash: Bytes32): Promise<void> {
    const category = await erasures.categoryOf(hash);
    if (category !== undefined) throw new MedsealError('RECORD_ERASED', { category });
  }

  async function mend(hash: Bytes32): Promise<void> {
    await requireUnerased(hash);
    const source = { now: seconds(clock), signal };
    const asked = peers.map(async (peer) => {
      const [file] = await peer.port.stats([hash]).catch(() => []);
      return { peer, file };
    });
    for await (const { peer, file } of inOrderOfSettling(asked)) {
      if (file?.hash !== hash) continue;
      const tried = await Promise.allSettled([obtainFile(vault, file, [peer], source)]);
      if (tried[0].status === 'fulfilled') return;
    }
    throw new MedsealError('FILE_ABSENT', {});
  }
}
