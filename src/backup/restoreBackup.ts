import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { bytesToHex, utf8ToBytes } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import type { Files } from '../folder/Files.ts';
import { openFolder, openSharedFolder } from '../folder/openFolder.ts';
import { readNetworkFiles } from '../folder/readNewestNetwork.ts';
import { isFoundersIdentity } from '../folder/shareFiles.ts';
import { readFolderFile } from '../folder/FolderFile.ts';
import { writeJsonFile } from '../folder/jsonFiles.ts';
import { lockFolder } from '../folder/lockFolder.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import type { BackupSource, SourceFile } from './BackupTarget.ts';
import { backedUpNetworkOf, type BackedUpNetwork } from './BackedUpNetwork.ts';
import { linesOf } from './linesOf.ts';
import {
  isEnd,
  isFile,
  isHead,
  isOldHead,
  MANIFEST,
  parseLine,
  type BackupEnd,
  type BackupHead,
} from './Manifest.ts';
import { RESTORED, type Restored } from './Restored.ts';
import { unsignedBy } from './signManifest.ts';
import { syncFolder } from './syncFolder.ts';

/** Options of `restoreBackup`. */
export interface RestoreOptions {
  readonly source: BackupSource;
  /** Path of the backup, for messages. */
  readonly from: string;
  /** Folder to restore into, which is absent or empty. */
  readonly data: string;
  readonly ports: NodePorts;
  /**
   * Fingerprint of a network file that the backup must know; none is required if absent. A thief of a former key of the log
   * can take the successors out that name a later key, and sign the rest.
   */
  readonly requires?: Bytes32 | undefined;
  /** Called with the file that is being copied. */
  readonly progress: (path: string) => void;
}

/** A backup that was restored. */
export type RestoredBackup = BackupHead &
  Omit<BackupEnd, 'sha256' | 'signatures'> & {
    /** The newest network file in it; absent if the network was not founded yet. */
    readonly network?: BackedUpNetwork;
  };

/** Files that a folder has only once its network is founded, beside those of its nodes. */
const OF_A_NETWORK = /^(?:founding|contracts)\.json$/;

/** List of the copied files, which is compared with the manifest. */
const COPIED = 'copied.jsonl';

/**
 * Restores a backup into an empty folder: into a temporary folder beside it first, which gets the name once every byte
 * of every file matches the manifest, the folder's organisations signed that manifest, and everything is on disk. So it
 * may be interrupted at any time, and done again.
 *
 * @param options - The backup and the folder.
 * @throws MedsealError `FOLDER_FOREIGN` if something is in the folder, `FOLDER_OUTSIDE` if a symbolic link lies beside
 * it, `BACKUP_DAMAGED` also if it does not know the network file that it must, `FOLDER_LOCKED` if another process restores there, `FOLDER_UNWRITABLE`.
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoredBackup> {
  const { source, from, ports, requires, progress } = options;
  const data = resolve(options.data);
  await requireEmpty(data);
  const above = await openSharedFolder(dirname(data));
  const staging = join(above.path, `${basename(data)}.restoring`);
  const files = await openFolder(staging);
  // Files of an earlier attempt are deleted; a link that somebody else made is refused.
  if (files.path !== staging) throw new MedsealError('FOLDER_OUTSIDE', {});
  const unlock = await lockFolder(files);
  let settled = false;
  try {
    // Files of an earlier attempt.
    for (const name of (await files.list('')).filter((each) => !isOfLock(each))) await drop(name);
    const folders = await copyAll();
    const found = await compare().catch((cause: unknown) => {
      if (cause instanceof MedsealError) throw cause;
      throw new MedsealError(
        'BACKUP_DAMAGED',
        { path: from, what: 'its manifest cannot be read' },
        { cause },
      );
    });
    const restored: Restored = {
      format: 'medseal-restored/2',
      at: seconds(ports.clock),
      rejoined: [],
    };
    await writeJsonFile(files, RESTORED, restored);
    for (const name of [MANIFEST, COPIED]) await drop(name);
    for (const folder of ['', ...folders]) await files.syncFolder(folder);
    settled = true;
    return found;
  } finally {
    await unlock();
    if (settled) await giveName();
  }

  async function copyAll(): Promise<ReadonlySet<string>> {
    const folders = new Set<string>();
    async function* copied(): AsyncGenerator<Uint8Array> {
      for await (const file of source.files()) {
        progress(file.path);
        if (isOfLock(file.path.split('/')[0] ?? '') || file.path === COPIED) {
          throw damaged(`it has a file with a forbidden name: ${file.path}`);
        }
        const folder = file.path.includes('/') ? dirname(file.path) : '';
        if (folder !== '' && !folders.has(folder)) await files.makeFolder(folder);
        if (folder !== '') folders.add(folder);
        if ((await files.size(file.path)) !== undefined) {
          throw damaged(`it has ${file.path} twice`);
        }
        const sha256 = await write(files, file);
        const { path, size } = file;
        if (path !== MANIFEST) yield utf8ToBytes(`${JSON.stringify({ path, size, sha256 })}\n`);
      }
    }
    await files.write(COPIED, copied());
    return folders;
  }

  async function write(to: Files, file: SourceFile): Promise<string> {
    const hash = ports.createSha256();
    async function* content(): AsyncGenerator<Uint8Array> {
      for await (const part of file.content()) {
        hash.update(part);
        yield part;
      }
    }
    await to.write(file.path, content());
    return bytesToHex(hash.digest());
  }

  async function drop(name: string): Promise<void> {
    await rm(join(staging, name), { recursive: true, force: true });
  }

  /** Renames the folder, which replaces an empty one, atomically. */
  async function giveName(): Promise<void> {
    await drop('lock');
    try {
      await rename(staging, data);
      await syncFolder(above.path);
    } catch (cause) {
      throw new MedsealError('FOLDER_UNWRITABLE', { path: data }, { cause });
    }
  }

  /** Compares the copied files with the manifest, line by line. */
  async function compare(): Promise<RestoredBackup> {
    if ((await files.size(MANIFEST)) === undefined) throw damaged('it has no manifest');
    const lines = linesOf(join(staging, COPIED));
    const sha256 = ports.createSha256();
    let head: BackupHead | undefined;
    let end: BackupEnd | undefined;
    let [count, bytes] = [0, 0];
    for await (const line of linesOf(join(staging, MANIFEST))) {
      const value = parseLine(line);
      if (end !== undefined) throw damaged('its manifest goes on after its end');
      if (isEnd(value)) {
        end = value;
        continue;
      }
      sha256.update(utf8ToBytes(`${line}\n`));
      if (head === undefined && isHead(value)) {
        head = value;
        continue;
      }
      if (head === undefined && isOldHead(value)) {
        throw damaged('an older version made it: restore it with that version, then upgrade');
      }
      if (!isFile(value)) throw damaged('its manifest was altered');
      const copied = await lines.next();
      if (copied.done === true || copied.value !== line) throw damaged(`${value.path} was altered`);
      [count, bytes] = [count + 1, bytes + value.size];
    }
    const hash = bytesToHex(sha256.digest());
    const whole = end?.files === count && end.bytes === bytes && end.sha256 === hash;
    if (head === undefined || !whole) throw damaged('its manifest was altered, or cut off');
    if ((await lines.next()).done !== true)
      throw damaged('it has files that its manifest does not name');
    const known = (await requireSigned(head, end)).map((each) => backedUpNetworkOf(ports, each));
    const network = known.at(-1);
    requireKnown(known);
    return { ...head, files: count, bytes, ...(network && { network }) };
  }

  /**
   * Requires a signature of every organisation of the folder; before the network was founded there is no key to verify
   * one. Returns the network files.
   */
  async function requireSigned(
    { at, networkId }: BackupHead,
    end: BackupEnd | undefined,
  ): Promise<readonly NetworkFile[]> {
    const known = await readNetworkFiles(files, ports);
    const network = known.at(-1);
    if (network === undefined) {
      if (networkId === undefined && !(await hasBegun(files))) return [];
      throw damaged('it lacks network.json');
    }
    const { hosts = [] } = (await readFolderFile(files)) ?? {};
    const { sha256 = '0x', signatures = [] } = end ?? {};
    const [name] = unsignedBy(ports.primitives, network, hosts, { at, sha256 }, signatures);
    if (hosts.length > 0 && name === undefined) return known;
    if (name === undefined) throw damaged('folder.json names no organisation');
    throw damaged(`its manifest was altered: ${name} did not sign it`);
  }

  function requireKnown(known: readonly BackedUpNetwork[]): void {
    if (requires === undefined || known.some(({ fingerprint }) => fingerprint === requires)) return;
    const newest = known.at(-1);
    const has = newest
      ? `its newest network file is number ${newest.number}, ${newest.fingerprint}`
      : 'it has no network file';
    throw damaged(
      `${has}, and it does not know ${requires}: it is older, or somebody took that out`,
    );
  }

  function damaged(what: string): MedsealError {
    return new MedsealError('BACKUP_DAMAGED', { path: from, what });
  }
}

/**
 * Tells whether a folder has files that it gets only in a network. Its founder would make the network file again from
 * the founding, and any other organisation would get it from the others, and then go on with the rest of the folder.
 */
async function hasBegun(files: Files): Promise<boolean> {
  const names = await files.list('');
  if (names.some((name) => OF_A_NETWORK.test(name))) return true;
  for (const office of ['node', 'authority']) {
    for (const name of await files.list(office)) {
      const found = await files.list(`${office}/${name}`);
      if (found.some((each) => each !== 'keys.json' && !isFoundersIdentity(each))) return true;
    }
  }
  return false;
}

async function requireEmpty(data: string): Promise<void> {
  const names = await readdir(data).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new MedsealError('FOLDER_UNWRITABLE', { path: data }, { cause: error });
  });
  if (names.length === 0) return;
  throw new MedsealError('FOLDER_FOREIGN', { path: data, what: 'it is not empty' });
}

function isOfLock(name: string): boolean {
  return name === 'lock' || name === 'process.json';
}
