import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { bytesToHex, utf8ToBytes } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Files } from '../folder/Files.ts';
import { openFolder, openSharedFolder } from '../folder/openFolder.ts';
import { writeJsonFile } from '../folder/jsonFiles.ts';
import { lockFolder } from '../folder/lockFolder.ts';
import type { BackupSource, SourceFile } from './BackupTarget.ts';
import { MANIFEST } from './Manifest.ts';
import { RESTORED, type Restored } from './Restored.ts';
import { syncFolder } from './syncFolder.ts';
import {
  COPIED,
  compareCopy,
  damagedBackup,
  type ComparedBackup,
  type RestoredBackup,
} from './compareCopy.ts';

/** Options of `restoreBackup`. */
export interface RestoreOptions extends ComparedBackup {
  readonly source: BackupSource;
  /** Folder to restore into, which is absent or empty. */
  readonly data: string;
  /** Called with the file that is being copied. */
  readonly progress: (path: string) => void;
}

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
  const { source, from, ports, progress } = options;
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
    const found = await compareCopy(files, options).catch((cause: unknown) => {
      if (cause instanceof MedsealError) throw cause;
      throw damagedBackup(from, 'its manifest cannot be read', cause);
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
          throw damagedBackup(from, `it has a file with a forbidden name: ${file.path}`);
        }
        const folder = file.path.includes('/') ? dirname(file.path) : '';
        if (folder !== '' && !folders.has(folder)) await files.makeFolder(folder);
        if (folder !== '') folders.add(folder);
        if ((await files.size(file.path)) !== undefined) {
          throw damagedBackup(from, `it has ${file.path} twice`);
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
