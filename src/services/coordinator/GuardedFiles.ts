import { setImmediate } from 'node:timers/promises';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { keepNewest } from '../../crypto/keepNewest.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import {
  GUARDED_HEADER_LENGTH,
  readGuardedHeader,
} from '../../crypto/threshold/readGuardedHeader.ts';
import { isSealFor } from '../../crypto/threshold/releaseSeal.ts';
import { KeyedLock } from '../../database/KeyedLock.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { SealAsked } from '../../protocol/release/ReleaseAsked.ts';
import { sealHash } from '../../protocol/release/releasedShare.ts';
import type { ChannelKey } from '../../protocol/release/releaseKeyOf.ts';
import { versionIdentity } from '../../protocol/release/versionIdentity.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { SMALL_FILE, type FileIdentity, type Vault } from '../../vault/Vault.ts';

/** Number of seals that are remembered of each kind; the oldest go first. */
const MOST = 20_000;

/** The sealed file of a record version. */
export type VersionFile = Pick<Write, 'handle' | 'record' | 'version' | 'file' | 'size'>;

/** A seal with its hash. */
interface HashedSeal extends SealAsked {
  readonly hash: Bytes32;
}

/** Parts that guarded files are read and judged with. */
export interface GuardedFilesOptions {
  readonly network: NetworkFile;
  readonly vault: Pick<Vault, 'get' | 'small'>;
  /** Has the vault hold a file that it does not keep itself. */
  readonly obtain: (file: Bytes32) => Promise<void>;
  /** Has the vault hold a peer's copy of a file in place of a damaged one. */
  readonly mend: (file: Bytes32) => Promise<void>;
  readonly primitives: Pick<Primitives, 'sha256' | 'group'>;
}

/**
 * Sealed files that open by a release alone, by their headers: the stanza of a release key, the patient's own, and no other. Whom
 * they are sealed to nobody can see; for which record version, the proof in the seal says.
 */
export class GuardedFiles {
  readonly #options: GuardedFilesOptions;
  /** Hash of the seal in the header of a file. */
  readonly #seals = new Map<Bytes32, Bytes32>();
  /** Seals whose proof held for a record version: the hash of the seal and the identity. */
  readonly #proven = new Set<string>();
  /** The seal under a release key that a file's header had when all of it was compared with its hash, by file and key. */
  readonly #sound = new Map<string, Bytes32 | undefined>();
  /** Files are compared one after another: they may be large. */
  readonly #comparing = new KeyedLock();

  constructor(options: GuardedFilesOptions) {
    this.#options = options;
  }

  /**
   * Finds the files that are guarded by a release key, each for its own record version.
   *
   * @param key - The key.
   * @param files - The files, which the vault has, and the versions that name them.
   * @returns Hashes of those that are.
   * @throws MedsealError as the vault's reads do.
   */
  async among(key: ChannelKey, files: readonly VersionFile[]): Promise<ReadonlySet<Bytes32>> {
    const { vault } = this.#options;
    const small = files.filter(({ size }) => size <= SMALL_FILE).map(({ file }) => file);
    const contents = await vault.small(small);
    const known = new Map(small.map((file, place) => [file, contents[place]]));
    const guarded = new Set<Bytes32>();
    for (const version of files) {
      const { file: hash, size } = version;
      const beginning = known.get(hash) ?? (await this.#beginningOf({ hash, size }));
      // A proof takes longer than most of what others wait for: they have their turn before each.
      await setImmediate();
      const found = this.#sealIn(key, hash, beginning);
      if (found !== undefined && this.#isProven(key, version, found)) guarded.add(hash);
    }
    return guarded;
  }

  /**
   * Requires that a seal is the one of a version's sealed file, and was made for that version.
   *
   * @param key - The release key of which shares are asked.
   * @param version - The version that a quorum put on the chart.
   * @param asked - The seal; not trusted.
   * @throws MedsealError `EVIDENCE_INVALID`; `NOT_YET` if the organisation has no copy of a larger file; as the vault's reads do if
   * the file cannot be read.
   */
  async require(key: ChannelKey, version: VersionFile, asked: SealAsked): Promise<void> {
    const hash = sealHash(this.#options.primitives, asked);
    await setImmediate();
    const isOfVersion = this.#isProven(key, version, { ...asked, hash });
    // The remembered seal may come from a copy that was damaged, and mended since.
    if (hash !== this.#seals.get(version.file) && hash !== (await this.#sealOf(key, version))) {
      // A range that was read is compared with nothing. Whoever asks with a seal of another version does not have all of it read.
      if (!isOfVersion || hash !== (await this.#soundSealOf(key, version)))
        throw invalid('the seal is of another file');
    }
    if (!isOfVersion) throw invalid('the seal is of another version');
  }

  /**
   * Requires that a seal was made for an identity that no file is of.
   *
   * @param key - The release key of which shares are asked.
   * @param identity - The identity (`viewIdentity`).
   * @param asked - The seal; not trusted.
   * @throws MedsealError `EVIDENCE_INVALID`.
   */
  async requireMade(key: ChannelKey, identity: Uint8Array, asked: SealAsked): Promise<void> {
    const hash = sealHash(this.#options.primitives, asked);
    await setImmediate();
    if (!this.#isMade(key, identity, { ...asked, hash }))
      throw invalid('the seal is of another chart or change of key');
  }

  /** The hash of the seal in a file's header, which is read now; undefined if it is not sealed under the key. */
  async #sealOf(key: ChannelKey, { file, size }: VersionFile): Promise<Bytes32 | undefined> {
    const beginning = await this.#obtained({ hash: file, size });
    return this.#sealIn(key, file, beginning)?.hash;
  }

  /** The same of a file that was compared with its hash since its header is as it is; a damaged one is replaced by a peer's copy. */
  async #soundSealOf(key: ChannelKey, version: VersionFile): Promise<Bytes32 | undefined> {
    const { vault, mend } = this.#options;
    const { file } = version;
    const name = `${file} ${bytesToHex(key.id)}`;
    return await this.#comparing.run('', async () => {
      const seen = await this.#sealOf(key, version);
      if (this.#sound.has(name) && this.#sound.get(name) === seen) return seen;
      try {
        for await (const _ of vault.get(file));
      } catch (error) {
        if (!isMedsealError(error, 'FILE_MISMATCH')) throw error;
        await mend(file).catch(() => {
          throw new MedsealError('NOT_YET', { what: 'copy of the file' }, { cause: error });
        });
      }
      const seal = await this.#sealOf(key, version);
      this.#sound.set(name, seal);
      keepNewest(this.#sound, MOST);
      return seal;
    });
  }

  /** The seal in a header, which is remembered. */
  #sealIn(key: ChannelKey, file: Bytes32, beginning: Uint8Array): HashedSeal | undefined {
    const { primitives } = this.#options;
    const read = readGuardedHeader(beginning, key.id);
    if (read === undefined) return undefined;
    const encapsulation = bytesToHex(primitives.sha256(read.encapsulated));
    const asked = { seal: bytesToHex(read.seal), encapsulation };
    const hash = sealHash(primitives, asked);
    this.#seals.set(file, hash);
    keepNewest(this.#seals, MOST);
    return { ...asked, hash };
  }

  #isProven(key: ChannelKey, version: VersionFile, found: HashedSeal): boolean {
    return this.#isMade(key, versionIdentity(this.#options.network, key, version), found);
  }

  #isMade(key: ChannelKey, identity: Uint8Array, found: HashedSeal): boolean {
    const { primitives } = this.#options;
    const name = `${found.hash} ${bytesToHex(identity)}`;
    if (this.#proven.has(name)) return true;
    const encapsulation = hexToBytes(found.encapsulation);
    const label = { keyId: key.id, identity, encapsulation };
    if (!isSealFor(primitives.group, label, hexToBytes(found.seal))) return false;
    this.#proven.add(name);
    keepNewest(this.#proven, MOST);
    return true;
  }

  /**
   * The beginning of a file. If the organisation keeps no copy, a small one is fetched first; of a larger one its keepers, and who
   * judged it a while ago, release: else a question of some bytes would move gigabytes.
   */
  async #obtained(file: FileIdentity): Promise<Uint8Array> {
    try {
      return await this.#beginningOf(file);
    } catch (error) {
      if (!isMedsealError(error, 'FILE_ABSENT')) throw error;
      if (file.size > SMALL_FILE) throw new MedsealError('NOT_YET', { what: 'copy of the file' });
      await this.#options.obtain(file.hash);
      return await this.#beginningOf(file);
    }
  }

  async #beginningOf({ hash, size }: FileIdentity): Promise<Uint8Array> {
    const to = Math.min(size, GUARDED_HEADER_LENGTH);
    return await collectBytes(this.#options.vault.get(hash, { from: 0, to }));
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
