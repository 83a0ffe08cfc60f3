import { readdir } from 'node:fs/promises';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Address, Hex, Organisation } from '../protocol/ids.ts';
import type { Role } from '../protocol/vocabulary.ts';
import { openFolder } from '../vault/openFolder.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';

const FILE = 'key.json';

/** A party's key as a file. Keys of a demonstration are not encrypted, and no other network takes them. */
export interface KeyFile {
  readonly format: 'medseal-key/1';
  readonly demo: true;
  /** A name for people, such as `doctor`. */
  readonly name: string;
  readonly role: Role;
  readonly organisation: Organisation;
  readonly address: Address;
  /** 32 bytes. */
  readonly seed: Hex;
}

/**
 * Reads the keys of a keystore: a folder that holds a folder for each party.
 *
 * @param path - The keystore.
 * @param network - Whether the network is a demonstration.
 * @throws MedsealError `KEYSTORE_INVALID`; `KEYSTORE_DEMO` where the network is not a demonstration.
 */
export async function readKeystore(
  path: string,
  network: { readonly demo: boolean },
): Promise<readonly KeyFile[]> {
  const names = await readdir(path).catch((cause: unknown) => {
    throw new MedsealError('KEYSTORE_INVALID', { path, reason: 'it can not be read' }, { cause });
  });
  const keys: KeyFile[] = [];
  for (const name of names.toSorted()) {
    const key = await readJsonFile(await openFolder(`${path}/${name}`), FILE);
    if (key !== undefined) keys.push(check(path, key, network));
  }
  if (keys.length === 0)
    throw new MedsealError('KEYSTORE_INVALID', { path, reason: 'it is empty' });
  return keys;
}

/** Writes a party's key into a keystore, with mode 0600. */
export async function writeKey(path: string, key: KeyFile): Promise<void> {
  await writeJsonFile(await openFolder(`${path}/${key.name}`), FILE, key);
}

function check(path: string, value: unknown, network: { readonly demo: boolean }): KeyFile {
  const key = value as KeyFile;
  if (key.format !== 'medseal-key/1' || !/^0x[0-9a-f]{64}$/.test(key.seed)) {
    throw new MedsealError('KEYSTORE_INVALID', { path, reason: 'a key is of another format' });
  }
  if (!network.demo) throw new MedsealError('KEYSTORE_DEMO', {});
  return key;
}
