import { readdir } from 'node:fs/promises';
import { redactedInPrint } from '../crypto/keys/redactedInPrint.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Base64 } from '../protocol/evidence/evidence.ts';
import { ADDRESS, ListOf } from '../protocol/wire/findShapeError.ts';
import type { Address, Hex, Organisation } from '../protocol/ids.ts';
import { isOfShape } from '../protocol/wire/isOfShape.ts';
import { MAX_KEY_CHANGES } from '../protocol/rights/keyAfter.ts';
import type { KeyProof } from '../protocol/struct/requests.ts';
import { KEY_CHANGES } from '../protocol/shapes/messageShape.ts';
import { ROLES, type Role } from '../protocol/vocabulary.ts';
import { openFolder } from '../folder/openFolder.ts';
import { requireOwnFolder } from '../folder/requireOwnFolder.ts';
import { readJsonFile, writeJsonFile } from '../folder/jsonFiles.ts';

const FILE = 'key.json';
const SEALED = /^[\w+/=]+$/;
const FORMER = new ListOf(SEALED, MAX_KEY_CHANGES);

/** The parts of a key file, not checked, that hold the seed of a key. */
interface Secret {
  readonly signer?: unknown;
  readonly seed?: unknown;
  readonly sealed?: unknown;
}

/** Owner of the key in a file. */
interface KeyOwner {
  readonly format: 'medseal-key/1';
  /** A name for people, such as `doctor`. */
  readonly name: string;
  /** The role that its owner has applied for; absent before. */
  readonly role?: Role;
  readonly organisation?: Organisation;
  /** The party's address, which is that of its first key. */
  readonly address: Address;
  /** Address of the key itself, if it is a later one. */
  readonly signer?: Address;
  /** The changes that led to a later key, oldest first. */
  readonly keyChanges?: readonly KeyProof[];
  /** Seeds of former keys, newest first, each as an age file that the key opens. */
  readonly former?: readonly Base64[];
}

/** A key of a demonstration: not encrypted, and no other network takes it. */
export interface DemoKey extends KeyOwner {
  readonly demo: true;
  /** 32 bytes. */
  readonly seed: Hex;
  /** The key that takes its place once the ledger has the change. */
  readonly next?: { readonly signer: Address; readonly seed: Hex };
}

/** A key under a passphrase. */
export interface LockedKey extends KeyOwner {
  readonly demo: false;
  /** The seed as an age file that a passphrase opens. */
  readonly sealed: Base64;
  /** The key that takes its place once the ledger has the change, under the same passphrase. */
  readonly next?: { readonly signer: Address; readonly sealed: Base64 };
}

/** A party's key as a file. */
export type KeyFile = DemoKey | LockedKey;

/**
 * Reads the keys of a keystore: a folder that holds a folder for each party.
 *
 * @param path - The keystore.
 * @param network - True if the network is a demonstration.
 * @throws MedsealError `FOLDER_EXPOSED`, `KEYSTORE_INVALID`; `KEYSTORE_DEMO` for demonstration keys if the network is not a
 * demonstration.
 */
export async function readKeystore(
  path: string,
  network: { readonly demo: boolean },
): Promise<readonly KeyFile[]> {
  const keys = await findKeys(path, network);
  if (keys === undefined) {
    throw new MedsealError('KEYSTORE_INVALID', { path, reason: 'it cannot be read' });
  }
  if (keys.length === 0)
    throw new MedsealError('KEYSTORE_INVALID', { path, reason: 'it is empty' });
  return keys;
}

/**
 * Reads the keys of a keystore if there is one.
 *
 * @param path - The keystore.
 * @param network - True if the network is a demonstration.
 * @param onFailed - Takes what a party's key cannot be read for, by the name of its folder, and throws it unless the key is to be
 * left out; it is thrown if absent.
 * @returns No keys of an empty one; undefined if the folder is not there.
 * @throws MedsealError `FOLDER_EXPOSED`, `KEYSTORE_INVALID`; `KEYSTORE_DEMO` for demonstration keys if the network is not a
 * demonstration.
 */
export async function findKeys(
  path: string,
  network: { readonly demo: boolean },
  onFailed: (name: string, error: unknown) => void = (_name, error) => {
    throw error;
  },
): Promise<readonly KeyFile[] | undefined> {
  const entries = await readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
    if ((cause as { code?: unknown }).code === 'ENOENT') return undefined;
    throw new MedsealError('KEYSTORE_INVALID', { path, reason: 'it cannot be read' }, { cause });
  });
  if (entries === undefined) return undefined;
  requireOwnFolder(path);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const keys: KeyFile[] = [];
  for (const name of folders.toSorted()) {
    try {
      requireOwnFolder(`${path}/${name}`);
      const key = await readJsonFile(await openFolder(`${path}/${name}`), FILE);
      if (key !== undefined) keys.push(check(path, key, network));
    } catch (error) {
      onFailed(name, error);
    }
  }
  return keys;
}

/**
 * Writes a party's key into a keystore, with mode 0600. Only a demonstration's key is replaced by that of another party.
 *
 * @param path - The keystore.
 * @param key - The key file.
 * @throws MedsealError `FOLDER_EXPOSED`; `KEYSTORE_INVALID` if it holds another key with the name, or a file there that is not a key.
 */
export async function writeKey(path: string, key: KeyFile): Promise<void> {
  requireOwnFolder(path, `${path}/${key.name}`);
  const files = await openFolder(`${path}/${key.name}`);
  const found = await readJsonFile(files, FILE);
  const known = found === undefined ? undefined : check(path, found, { demo: true });
  const isOther =
    known !== undefined && known.address !== key.address && keySignerOf(known) !== keySignerOf(key);
  if (isOther && !known.demo) {
    const reason = `it holds another key with the name ${key.name}`;
    throw new MedsealError('KEYSTORE_INVALID', { path, reason });
  }
  await writeJsonFile(files, FILE, key);
}

/**
 * Returns the address of a key itself, which differs from its party's after a change of key.
 *
 * @param key - The key file.
 */
export function keySignerOf({ address, signer = address }: KeyFile): Address {
  return signer;
}

/**
 * Parses a key file that came from elsewhere.
 *
 * @param path - The file's origin, for messages.
 * @param text - JSON.
 * @throws MedsealError `FOLDER_EXPOSED`, `KEYSTORE_INVALID`; `KEYSTORE_DEMO` for the key of a demonstration.
 */
export function parseKey(path: string, text: string): LockedKey {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new MedsealError('KEYSTORE_INVALID', { path, reason: 'it is not JSON' }, { cause });
  }
  return check(path, value, { demo: false }) as LockedKey;
}

function check(path: string, value: unknown, network: { readonly demo: boolean }): KeyFile {
  const key = (value ?? {}) as KeyFile;
  const isSecret = (held: Secret): boolean =>
    key.demo ? isText(held.seed, /^0x[0-9a-f]{64}$/) : isText(held.sealed, SEALED);
  const next = key.next === undefined ? undefined : (Object(key.next) as Secret);
  const whole =
    isSecret(key) && (next === undefined || (isText(next.signer, ADDRESS) && isSecret(next)));
  // Its name becomes that of a folder.
  const owned =
    isText(key.name, /^[a-z0-9][a-z0-9-]{0,31}$/) &&
    isText(key.address, ADDRESS) &&
    (key.signer === undefined || isText(key.signer, ADDRESS)) &&
    (key.keyChanges === undefined || isOfShape(KEY_CHANGES, key.keyChanges)) &&
    (key.former === undefined || isOfShape(FORMER, key.former)) &&
    (key.role === undefined || ROLES.some((role) => role === key.role)) &&
    (key.organisation === undefined || isText(key.organisation, /^[a-z0-9-]{1,31}$/));
  if (key.format !== 'medseal-key/1' || !whole || !owned) {
    throw new MedsealError('KEYSTORE_INVALID', {
      path,
      reason: 'a key file has an unknown format',
    });
  }
  if (key.demo && !network.demo) throw new MedsealError('KEYSTORE_DEMO', {});
  return key.demo ? redactedInPrint(key) : key;
}

function isText(value: unknown, form: RegExp): boolean {
  return typeof value === 'string' && form.test(value);
}
