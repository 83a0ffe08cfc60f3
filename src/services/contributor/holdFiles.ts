import { bytesToHex } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { SMALL_FILE, type FileIdentity, type Vault } from '../../vault/Vault.ts';
import type { ContributorPort } from '../ports.ts';
import { inLanes } from '../inLanes.ts';
import type { NamedPeer } from './NamedPeer.ts';
import { COPY_LEASE, obtainFile } from './obtainFile.ts';

/** Number of small files in one answer. */
export const MOST_SMALL = 256;
/** Number of large files that are fetched at once. */
const LANES = 4;

/** Vault that is to hold files, and their sources. */
export interface FilesSource {
  readonly vault: Vault;
  /** Peers to ask, in this order. */
  readonly peers: readonly NamedPeer<Pick<ContributorPort, 'file' | 'smallFiles'>>[];
  readonly primitives: Pick<Primitives, 'sha256'>;
  /** Unix seconds. */
  readonly now: number;
  /** Ends the fetching. */
  readonly signal: AbortSignal;
  /**
   * Counts a file that is about to be fetched.
   * @returns Told whether it came.
   * @throws MedsealError `QUOTA_SPENT` if it is not to be.
   */
  readonly reserve: (file: FileIdentity) => (came: boolean) => void;
}

/** Files that a vault holds of those that were asked for. */
export interface HeldFiles {
  /** Bytes, by hash. */
  readonly sizes: ReadonlyMap<Bytes32, number>;
  /** Reasons for which the others are not held, by hash. */
  readonly failures: ReadonlyMap<Bytes32, MedsealError>;
  /** Bytes of small files that peers gave whole and that have another size than was said, by hash. */
  readonly otherSizes: ReadonlyMap<Bytes32, number>;
}

/**
 * Makes a vault hold files, each verified by its hash and synced, and fetches missing ones from peers. Small files come
 * many at once and share a sync.
 *
 * @param source - The vault, and peers that are not trusted.
 * @param files - Files to hold.
 */
export async function holdFiles(
  source: FilesSource,
  files: readonly FileIdentity[],
): Promise<HeldFiles> {
  const { vault, peers, primitives } = source;
  const sizes = new Map<Bytes32, number>();
  const failures = new Map<Bytes32, MedsealError>();
  const otherSizes = new Map<Bytes32, number>();
  for (const { hash, size } of await vault.stats(files.map(({ hash }) => hash))) {
    sizes.set(hash, size);
  }
  const reserved: { readonly file: FileIdentity; readonly settle: (came: boolean) => void }[] = [];
  for (const file of files.filter(({ hash }) => !sizes.has(hash))) {
    try {
      reserved.push({ file, settle: source.reserve(file) });
    } catch (error) {
      fail(file, error);
    }
  }
  try {
    for (const peer of peers) await fetchFrom(peer);
  } finally {
    for (const { file, settle } of reserved) settle(sizes.has(file.hash));
  }
  return { sizes, failures, otherSizes };

  async function fetchFrom(peer: FilesSource['peers'][number]): Promise<void> {
    const wanted = reserved.map(({ file }) => file);
    const missing = wanted.filter(({ hash }) => !sizes.has(hash));
    if (missing.length === 0 || source.signal.aborted) return;
    const small = missing.filter(({ size }) => size <= SMALL_FILE);
    for (let from = 0; from < small.length; from += MOST_SMALL) {
      await holdSmall(peer, small.slice(from, from + MOST_SMALL));
    }
    const large = missing.filter(({ size }) => size > SMALL_FILE);
    await inLanes(large, LANES, async (file) => {
      await note(file, obtainFile(vault, file, [{ ...peer, blame: () => undefined }], source));
    });
  }

  async function holdSmall(
    { port, blame }: FilesSource['peers'][number],
    asked: readonly FileIdentity[],
  ): Promise<void> {
    try {
      const answers: readonly unknown[] = await port.smallFiles(asked.map(({ hash }) => hash));
      const given = asked.flatMap((file, place) => {
        const answer = answers?.[place];
        if (typeof answer === 'string') {
          return [{ ...file, content: new Uint8Array(Buffer.from(answer, 'base64')) }];
        }
        fail(file, new MedsealError('FILE_ABSENT', {}));
        return [];
      });
      const faults = await vault.putSmall(given, source.now + COPY_LEASE);
      for (const [place, file] of given.entries()) {
        const fault = faults[place];
        if (fault === undefined) sizes.set(file.hash, file.size);
        else fail(file, fault);
        // The peer answers for the hash; the author answers for the size.
        const { hash, content } = file;
        if (fault === undefined) continue;
        if (bytesToHex(primitives.sha256(content)) !== hash) blame(fault);
        else if (content.length !== file.size) otherSizes.set(hash, content.length);
      }
    } catch (error) {
      for (const file of asked) fail(file, error);
    }
  }

  async function note(file: FileIdentity, holding: Promise<void>): Promise<void> {
    await holding.then(
      () => sizes.set(file.hash, file.size),
      (error: unknown) => fail(file, error),
    );
  }

  function fail({ hash }: FileIdentity, error: unknown): void {
    const failure = toMedsealError(error);
    // Another peer's fault says more than one peer's lack of the file.
    if (failure.code === 'FILE_ABSENT' && failures.has(hash)) return;
    failures.set(hash, failure);
  }
}
