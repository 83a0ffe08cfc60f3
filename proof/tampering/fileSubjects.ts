import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { examineFoundation } from '../../src/fsck/examineFoundation.ts';
import { examineKeystores } from '../../src/fsck/examineKeystores.ts';
import type { FolderFault } from '../../src/services/examination/FolderFault.ts';
import { plainKeys } from '../../src/folder/keyGuard.ts';
import type { KeyFile } from '../../src/device/keystore.ts';
import { examineDatabaseFiles } from '../../src/database/files/examineDatabaseFiles.ts';
import { unlockKey } from '../../src/device/lockedKeys.ts';
import { harmlessLoss } from './harmlessLoss.ts';
import { harmlessRows } from './harmlessRows.ts';
import { hearerInto, readRows, sameRows, type AtRest } from './AtRest.ts';
import type { Changes, Things } from './alter.ts';
import type { Outcome, Subject } from './Subject.ts';

/** Kinds of files, by path; the first that fits counts. */
const KINDS: readonly (readonly [name: string, path: RegExp])[] = [
  ['files that databases do not live by', /\/(?:LOG|LOG\.old|LOCK)$|^lock\//],
  ['sealed files', /\/vault\/sealed\//],
  ['files of a log', /^node\/\w+\/logs\//],
  ['files of a vault’s index', /\/vault-index\//],
  ['files of what a coordinator keeps', /\/coordinator\//],
  ['files of what is kept for parties', /\/kept\//],
  ['files of letters', /\/letters\//],
  ['files of what is to be copied', /\/contributor\//],
  ['files of the view of the ledger', /^node\/ledger\/index\//],
  ['files of the ledger', /^node\/ledger\/chain\//],
  ['network.json', /^network\.json$/],
  ['what the network was founded with', /^(?:founding|folder)\.json$/],
  ['keys of nodes', /^node\/\w+\/keys\.json$/],
  ['shares of release keys', /^node\/\w+\/share-[0-9a-f]{16}\.json$/],
  ['keys of the authority', /^authority\/\w+\/keys\.json$/],
  ['what the authority issued', /\/issued\//],
  ['keys of parties', /^parties\/[\w-]+\/key\.json$/],
  ['what a device remembers', /^parties\/[\w-]+\/device\//],
];

/** Context of the examinations of files. */
export interface FilesAtRest {
  readonly whole: AtRest;
  /** The folder as it was earlier. */
  readonly older: string;
  /** Opens the key that has one. */
  readonly passphrase: string;
}

/**
 * Files of a stopped network's folder, altered as they lie.
 *
 * @param atRest - The folder.
 */
export async function fileSubjects(atRest: FilesAtRest): Promise<readonly Subject[]> {
  const now = await byKind(atRest.whole.data);
  const then = await byKind(atRest.older);
  return [...now].map(([name, things]) => ({
    name,
    things,
    older: then.get(name) ?? new Map<string, Uint8Array>(),
    examine: async (changes) => await examineFiles(atRest, things, changes),
  }));
}

async function byKind(data: string): Promise<Map<string, Map<string, Uint8Array>>> {
  const kinds = new Map<string, Map<string, Uint8Array>>();
  for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name).slice(data.length + 1);
    const [name] = KINDS.find(([, which]) => which.test(path)) ?? [];
    if (name === undefined) throw new Error(`nobody knows what ${path} is`);
    const things = kinds.get(name) ?? new Map<string, Uint8Array>();
    kinds.set(name, things.set(path, await readFile(join(data, path))));
  }
  return kinds;
}

async function examineFiles(
  atRest: FilesAtRest,
  things: Things,
  changes: Changes,
): Promise<Outcome> {
  const { data } = atRest.whole;
  try {
    for (const [path, bytes] of changes) await put(data, path, bytes);
    return await examineNow(atRest, things, changes);
  } finally {
    for (const path of changes.keys()) await put(data, path, things.get(path));
  }
}

async function put(data: string, path: string, bytes: Uint8Array | undefined): Promise<void> {
  const at = join(data, path);
  if (bytes === undefined) await rm(at);
  else {
    await mkdir(dirname(at), { recursive: true });
    // A file of keys that was deleted comes back for its owner alone: else every later look would find that.
    await writeFile(at, bytes, { mode: 0o600 });
  }
}

async function examineNow(atRest: FilesAtRest, things: Things, changes: Changes): Promise<Outcome> {
  const { whole } = atRest;
  for (const path of changes.keys()) {
    const [fault] = await faultsAt(whole, path);
    if (fault !== undefined) return { found: `fsck: ${fault}` };
  }
  const [fault] = await whole.withCopy(async (copy) => await whole.faultsOn(copy));
  if (fault !== undefined) return { found: `fsck: ${fault.kind}` };
  const harmless = new Set<string>();
  for (const path of changes.keys()) {
    const outcome = await withoutFault(atRest, path, things.get(path));
    if (!('harmless' in outcome)) return outcome;
    harmless.add(outcome.harmless);
  }
  return { harmless: [...harmless].join('; ') };
}

/** Lists the kinds of faults in the part that a file belongs to. */
async function faultsAt(whole: AtRest, path: string): Promise<readonly string[]> {
  const { data, ports } = whole;
  const database = databaseOf(whole, path);
  if (database !== undefined) {
    const found = await examineDatabaseFiles(join(data, database));
    return found.map(() => 'database-file');
  }
  const [, organisation = ''] = path.split('/');
  if (path.includes('/vault/')) {
    return (await whole.faultsOfVault(organisation)).map(({ kind }) => kind);
  }
  const faults: FolderFault[] = [];
  const hearer = hearerInto(faults);
  if (path.startsWith('parties/')) await examineKeystores(data, ports, hearer, whole.ledger);
  else await examineFoundation({ data, pinned: undefined, ports, guard: plainKeys, hearer });
  return faults.map(({ kind }) => kind);
}

/** Returns the outcome of an alteration in which an examination of the folder finds no fault. */
async function withoutFault(
  { whole, older, passphrase }: FilesAtRest,
  path: string,
  before: Uint8Array | undefined,
): Promise<Outcome> {
  const database = databaseOf(whole, path);
  if (database !== undefined) {
    const copy = `${whole.data}-rows`;
    await cp(join(whole.data, database), copy, { recursive: true });
    const rows = await readRows(copy);
    await rm(copy, { recursive: true });
    const known = whole.rows.get(database);
    if (known !== undefined && sameRows(known, rows)) {
      return { harmless: 'every row of the database is as it was' };
    }
    return harmlessRows(whole, new Map([[database, rows]]));
  }
  const after = await readFile(join(whole.data, path)).catch(() => undefined);
  if (before !== undefined && after !== undefined && sameJson(before, after)) {
    return { harmless: 'it says the same in another spelling' };
  }
  if (path.endsWith('/keys.json') && sameJson(withoutTls(before), withoutTls(after))) {
    return { harmless: 'all nodes are in one process: no network file names a key for TLS' };
  }
  if (path.endsWith('/key.json')) return await unlocked(whole, after, passphrase);
  const then = await readFile(join(older, path)).catch(() => undefined);
  if (path.includes('/device/') && then !== undefined && after?.equals(then) === true) {
    return { harmless: 'a device that is behind takes the newer state from the nodes' };
  }
  const loss = harmlessLoss(path);
  if (after === undefined && loss !== undefined) return { harmless: loss };
  return { missed: 'no fault is found' };
}

/** Tells whether an owner notices who opens the key. */
async function unlocked(
  { ports: { primitives } }: AtRest,
  file: Uint8Array | undefined,
  passphrase: string,
): Promise<Outcome> {
  try {
    const key = JSON.parse(Buffer.from(file ?? []).toString()) as KeyFile;
    await unlockKey(key, {
      primitives,
      askPassphrase: async () => await Promise.resolve(passphrase),
    });
  } catch (error) {
    if (isMedsealError(error)) return { found: `the passphrase: ${error.code}` };
    if (error instanceof SyntaxError) return { found: 'reading it: no JSON' };
    throw error;
  }
  return { missed: 'it opens' };
}

function databaseOf(whole: AtRest, path: string): string | undefined {
  return [...whole.rows.keys()].find((database) => path.startsWith(`${database}/`));
}

/** Keys of a node but for the one that only a network whose nodes speak TLS with each other uses. */
function withoutTls(keys: Uint8Array | undefined): Uint8Array {
  const text = Buffer.from(keys ?? []).toString();
  return Buffer.from(text.replace(/(?<="tls": "0x)[0-9a-f]{64}(?=")/, ''));
}

function sameJson(one: Uint8Array, other: Uint8Array): boolean {
  const [said, says] = [one, other].map((bytes) => {
    try {
      return JSON.stringify(JSON.parse(Buffer.from(bytes).toString()));
    } catch {
      return undefined;
    }
  });
  return said !== undefined && said === says;
}
