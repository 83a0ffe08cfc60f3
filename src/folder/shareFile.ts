import { bytesToHex, hexToBytes } from '../crypto/bytes.ts';
import { SecretBytes } from '../crypto/keys/SecretBytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Files } from './Files.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';
import type { KeyGuard } from './keyGuard.ts';

/** The file that holds an organisation's share of a release key. */
const NAME = 'share.json';

/** An organisation's share of a release key, on disk. */
export interface ShareFile {
  /**
   * Reads the share.
   * @returns 32 bytes, a scalar; undefined if there is no share.
   * @throws MedsealError `FOLDER_FOREIGN` if the file does not hold one.
   */
  read(): Promise<Uint8Array | undefined>;
  /**
   * Writes the share, in a synced write; the one before is gone.
   * @param share - 32 bytes, a scalar.
   */
  write(share: Uint8Array): Promise<void>;
}

/**
 * Returns the file of an organisation's share.
 *
 * @param files - The organisation's folder.
 * @param guard - Protection of keys on disk.
 */
export function shareFile(files: Files, guard: KeyGuard): ShareFile {
  const foreign = (what: string, cause?: unknown): MedsealError =>
    new MedsealError('FOLDER_FOREIGN', { path: files.path, what }, { cause });
  return {
    async read() {
      const written = await readJsonFile(files, NAME);
      if (written === undefined) return undefined;
      const known = await guard.unwrap(written).catch((cause: unknown) => {
        throw foreign(`${NAME} cannot be decrypted with the key of this folder`, cause);
      });
      const { share } = (known ?? {}) as { readonly share?: unknown };
      if (typeof share !== 'string' || !/^0x[0-9a-f]{64}$/.test(share)) {
        throw foreign(`${NAME} does not hold a share`);
      }
      return SecretBytes.from(hexToBytes(share));
    },
    async write(share) {
      await writeJsonFile(files, NAME, await guard.wrap({ share: bytesToHex(share) }));
    },
  };
}
