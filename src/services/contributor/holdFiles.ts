import { bytesToHex } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { FileIdentity, Vault } from '../../vault/Vault.ts';
import type { ContributorPort } from '../ports.ts';
import { inLanes } from './inLanes.ts';
import type { NamedPeer } from './NamedPeer.ts';
import { COPY_LEASE, obtainFile } from './obtainFile.ts';

/** The most bytes of a file that goes with others in one answer. */
export const SMALL = 16 * 1024;
/** How many small files go in one answer. */
export const MOST_SMALL = 256;
/** How many large files are fetched at a time. */
const LANES = 4;

/** Where files are to be held, and where they come from. */
export interface FilesSource {
  readonly vault: Vault;
  /** Whom to ask, in this order. */
  readonly peers: readonly NamedPeer<Pick<ContributorPort, 'file' | 'smallFiles'>>[];
  readonly primitives: Pick<Primitives, 'sha256'>;
  /** Unix seconds. */
  readonly now: number;
  /** Ends the fetching. */
  readonly signal: AbortSignal;
}

/** What a vault holds of what was asked for. */
export interface HeldFiles {
  /** Bytes, by hash. */
  readonly sizes: ReadonlyMap<Bytes32, number>;
  /** Why the others are not held, by hash. */
  readonly failures: ReadonlyMap<Bytes32, MedsealError>;
}

/**
 * Sees that a vault holds files, each verified by its hash and synced, and fetches from peers what it does not. Small
 * ones come many at a time and share a sync.
 *
 * @param source - The vault, and peers that are not trusted.
 * @param files - Which.
 */
export async function holdFiles(
  source: FilesSource,
  files: readonly FileIdentity[],
): Promise<HeldFiles> {
  const { vault, peers, primitives } = source;
  const sizes = new Map<Bytes32, number>();
  const failures = new Map<Bytes32, MedsealError>();
  for (const { hash, size } of await vault.stats(files.map(({ hash }) => hash))) {
    sizes.set(hash, size);
  }
  for (const peer of peers) {
    const missing = files.filter(({ hash }) => !sizes.has(hash));
    if (missing.length === 0 || source.signal.aborted) break;
    const small = missing.filter(({ size }) => size <= SMALL);
    for (let from = 0; from < small.length; from += MOST_SMALL) {
      await holdSmall(peer, small.slice(from, from + MOST_SMALL));
    }
    const large = missing.filter(({ size }) => size > SMALL);
    await inLanes(large, LANES, async (file) => {
      await note(file, obtainFile(vault, file, [{ ...peer, blame: () => undefined }], source));
    });
  }
  return { sizes, failures };

  async function holdSmall(
    { port, blame }: FilesSource['peers'][number],
    asked: readonly FileIdentity[],
  ): Promise<void> {
    const asking = port.smallFiles(asked.map(({ hash }) => hash));
    const puts = asked.map(async (file, place) => {
      await note(
        file,
        asking.then(async (answers) => await put(file, answers?.[place], blame)),
      );
    });
    await Promise.all(puts);
  }

  async function put(
    { hash, size }: FileIdentity,
    answer: unknown,
    blame: NamedPeer['blame'],
  ): Promise<void> {
    if (typeof answer !== 'string') throw new MedsealError('FILE_ABSENT', {});
    const bytes = Buffer.from(answer, 'base64');
    // Its hash is the peer's to answer for; its size is what the author says.
    if (bytesToHex(primitives.sha256(bytes)) !== hash) {
      const mismatch = new MedsealError('FILE_MISMATCH', {});
      blame(mismatch);
      throw mismatch;
    }
    await vault.put({ hash, size }, once(bytes), source.now + COPY_LEASE);
  }

  async function note(file: FileIdentity, holding: Promise<void>): Promise<void> {
    await holding.then(
      () => sizes.set(file.hash, file.size),
      (error: unknown) => {
        const failure = toMedsealError(error);
        // That one peer has not got it says less than what was wrong at another.
        if (failure.code === 'FILE_ABSENT' && failures.has(file.hash)) return;
        failures.set(file.hash, failure);
      },
    );
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
