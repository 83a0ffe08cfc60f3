import { base64 } from '@scure/base';
import { bytesToUtf8, utf8ToBytes } from '../crypto/bytes.ts';
import { ageIdentity, recipientOf } from '../crypto/keys/ageIdentity.ts';
import { nativeScrypt } from './nativeScrypt.ts';
import { openWithPassphrase, sealWithPassphrase } from '../crypto/keys/passphrase.ts';
import type { Random } from '../crypto/Random.ts';
import { openBytes } from '../crypto/sealing/openBytes.ts';
import { sealBytes } from '../crypto/sealing/sealBytes.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Files } from './Files.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';

/** Protection of a folder's secrets on disk. */
export interface KeyGuard {
  /** Returns the value to write in place of a secret one. */
  wrap(secrets: object): Promise<unknown>;
  /**
   * Returns the secret value again.
   * @throws MedsealError `SEAL_UNREADABLE`.
   */
  unwrap(written: unknown): Promise<unknown>;
}

/** Leaves secrets unencrypted, in files of mode 0600. */
export const plainKeys: KeyGuard = {
  wrap: async (secrets) => await Promise.resolve(secrets),
  unwrap: async (written) => await Promise.resolve(written),
};

/**
 * The file that holds the folder's own age identity, as an age file under a passphrase. Every other file with secrets
 * is an age file to that identity, so that the costly derivation from a passphrase is done once; the tools of age open
 * them.
 */
const NAME = 'folder-key.json';
const FORMAT = 'medseal-folder-key/1';

/**
 * Puts the secrets of a new folder under a passphrase.
 *
 * @param files - The folder.
 * @param random - For the folder's identity.
 * @param passphrase - At least ten characters.
 * @param options - As for `sealWithPassphrase`.
 * @throws MedsealError `PASSPHRASE_WEAK`.
 */
export async function lockKeys(
  files: Files,
  random: Random,
  passphrase: string,
  options?: Parameters<typeof sealWithPassphrase>[2],
): Promise<KeyGuard> {
  const identity = ageIdentity(random(32));
  const sealed = await sealWithPassphrase(passphrase, utf8ToBytes(`${identity}\n`), {
    scrypt: nativeScrypt,
    ...options,
  });
  await writeJsonFile(files, NAME, { format: FORMAT, sealed: base64.encode(sealed) });
  return await guardOf(identity);
}

/** Tells whether the secrets of a folder are under a passphrase. */
export async function areKeysLocked(files: Files): Promise<boolean> {
  return (await files.size(NAME)) !== undefined;
}

/**
 * Opens the guard of a folder's secrets.
 *
 * @param files - The folder.
 * @param askPassphrase - Called if the secrets are under a passphrase; absent if nobody can be asked.
 * @throws MedsealError `PASSPHRASE_MISSING`, `PASSPHRASE_WRONG`; `FOLDER_FOREIGN` if the file is malformed.
 */
export async function openKeyGuard(
  files: Files,
  askPassphrase?: () => Promise<string>,
): Promise<KeyGuard> {
  const value = await readJsonFile(files, NAME);
  if (value === undefined) return plainKeys;
  const { format, sealed } = (value ?? {}) as { format?: unknown; sealed?: unknown };
  if (format !== FORMAT || typeof sealed !== 'string' || !/^[\w+/=]+$/.test(sealed)) {
    throw foreign(files);
  }
  if (askPassphrase === undefined) {
    throw new MedsealError('PASSPHRASE_MISSING', { path: files.path });
  }
  const passphrase = await askPassphrase();
  try {
    const file = base64.decode(sealed);
    const opened = await openWithPassphrase(passphrase, file, { scrypt: nativeScrypt });
    const identity = bytesToUtf8(opened);
    return await guardOf(identity.trim());
  } catch (error) {
    throw isMedsealError(error, 'PASSPHRASE_WRONG') ? error : foreign(files, error);
  }
}

async function guardOf(identity: string): Promise<KeyGuard> {
  const recipient = await recipientOf(identity);
  return {
    async wrap(secrets) {
      const sealed = await sealBytes([recipient], utf8ToBytes(JSON.stringify(secrets)));
      return { sealed: base64.encode(sealed) };
    },
    async unwrap(written) {
      const { sealed } = (written ?? {}) as { sealed?: unknown };
      try {
        return JSON.parse(bytesToUtf8(await openBytes([identity], base64.decode(String(sealed)))));
      } catch (cause) {
        throw new MedsealError('SEAL_UNREADABLE', {}, { cause });
      }
    },
  };
}

function foreign(files: Files, cause?: unknown): MedsealError {
  const what = `${NAME} is malformed, or was altered`;
  return new MedsealError('FOLDER_FOREIGN', { path: files.path, what }, { cause });
}
