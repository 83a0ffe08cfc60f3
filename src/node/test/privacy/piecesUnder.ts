import { readdir, readFile } from 'node:fs/promises';
import { LevelDatabase } from '../../../database/LevelDatabase.ts';
import { hexToBytes } from '../../../crypto/bytes.ts';
import { portablePrimitives } from '../../../crypto/portablePrimitives.ts';
import { readU64 } from '../../../crypto/u64.ts';
import { encryptBodies } from '../../../log/encryptBodies.ts';

/** Bytes that lie somewhere under a folder. */
export interface Fragment {
  readonly where: string;
  readonly bytes: Uint8Array;
}

/**
 * Everything that lies under the nodes of a network that is closed: names and bytes of all files, keys and values of
 * all databases, contents of values in base64 or hexadecimal, and bodies as their node can decrypt them.
 *
 * @param folder - The nodes, such as `DIR/node`.
 */
export async function* piecesUnder(folder: string): AsyncGenerator<Fragment> {
  const databases = new Set<string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = `${entry.parentPath}/${entry.name}`;
    yield { where: `name of ${path}`, bytes: Buffer.from(entry.name) };
    if (!entry.isFile()) continue;
    if (entry.name === 'CURRENT') databases.add(entry.parentPath);
    yield { where: path, bytes: await readFile(path) };
  }
  for (const path of databases) {
    const decrypt = await bodiesOf(folder, path);
    const database = new LevelDatabase<Uint8Array, Uint8Array>(path, {
      keyEncoding: 'view',
      valueEncoding: 'view',
      createIfMissing: false,
    });
    for await (const [key, value] of database.iterator()) {
      const where = `${path} ${Buffer.from(key).toString('latin1')}`;
      yield { where: `key of ${where}`, bytes: key };
      yield { where, bytes: value };
      yield* decoded(where, value);
      for (const body of decrypt(key, value)) yield { where: `body of ${where}`, bytes: body };
    }
    await database.close();
  }
}

/** Finds the contents of texts in a value: in base64, in hexadecimal, in JSON within JSON. */
function* decoded(where: string, value: Uint8Array): Generator<Fragment> {
  const text = Buffer.from(value).toString('latin1');
  for (const [run] of text.matchAll(/[\w+/-]{16,}={0,2}/g)) {
    yield { where: `base64 in ${where}`, bytes: Buffer.from(run, 'base64') };
    const hex = run.replace(/^0x/, '');
    if (/^[\da-f]+$/i.test(hex)) yield { where: `hex in ${where}`, bytes: Buffer.from(hex, 'hex') };
  }
}

/** Finds what the organisation itself can read in its rows, given each row in the order of the keys. */
type Decrypt = (key: Uint8Array, value: Uint8Array) => readonly Uint8Array[];

/** A log has an entry under 1 and its place, and the body under 2 and its place. */
const [LOG_ENTRY, LOG_BODY] = [0x01, 0x02];

async function bodiesOf(folder: string, path: string): Promise<Decrypt> {
  const organisation = path.slice(folder.length + 1).split('/')[0] ?? '';
  const file = await readFile(`${folder}/${organisation}/keys.json`, 'utf8').catch(() => undefined);
  if (file === undefined) return () => [];
  const { storage } = JSON.parse(file) as { storage: string };
  const bodies = encryptBodies({
    storageKey: hexToBytes(storage),
    random: () => new Uint8Array(),
    primitives: portablePrimitives,
  });
  const entries = new Map<number, Uint8Array>();
  return (key, value) => {
    if (key.length === 9 && key[0] === LOG_ENTRY) {
      entries.set(readU64(key, 1), value.subarray(0, 32));
    }
    if (key.length === 9 && key[0] === LOG_BODY) {
      const place = readU64(key, 1);
      return [bodies.open(place, value, entries.get(place) ?? new Uint8Array())];
    }
    const name = Buffer.from(key).toString('latin1');
    if (!name.startsWith('body/')) return [];
    return [bodies.open(0, value, hexToBytes(name.slice('body/'.length)))];
  };
}
