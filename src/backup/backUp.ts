import { createReadStream } from 'node:fs';
import { appendFile, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesToHex, utf8ToBytes } from '../crypto/bytes.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { describeRows } from '../log/describeRows.ts';
import { LogRows } from '../log/LogRows.ts';
import { openFolder } from '../folder/openFolder.ts';
import { readFolderFile } from '../folder/FolderFile.ts';
import { readNewestNetwork } from '../folder/readNewestNetwork.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import type { BackupTarget } from './BackupTarget.ts';
import { filesOf } from './filesOf.ts';
import {
  MANIFEST,
  type BackedUpFile,
  type BackedUpLog,
  type BackupEnd,
  type BackupHead,
} from './Manifest.ts';
import { freezeFolder, type FreezeOptions, type FrozenFolder } from './freezeFolder.ts';

/** Options of `backUp`. */
export interface BackupOptions extends FreezeOptions {
  /** The data folder. */
  readonly data: string;
  readonly target: BackupTarget;
  readonly ports: NodePorts;
  /** Called with the file that is being copied. */
  readonly progress: (path: string) => void;
}

/** A backup that was made. */
export interface BackupMade extends BackupHead {
  readonly files: number;
  readonly bytes: number;
  /** Milliseconds for which a running node held back its writes. */
  readonly paused?: number;
}

/** Lines of the manifest that are written at once. */
const LINES = 1000;

/**
 * Backs up a data folder as it is at one moment, whether its node runs or not, into a target, with a signed manifest of
 * every file. It contains the folder's keys as they are on disk, and is streamed.
 *
 * @param options - The folder and the target.
 * @throws MedsealError `BACKUP_FAILED`, `FOLDER_BACKUP`, `FOLDER_UNWRITABLE`, `NODE_ABSENT`; `PASSPHRASE_MISSING`,
 * `PASSPHRASE_WRONG`; of a stopped node whose stores are at a server, as `openElsewhere` does.
 */
export async function backUp(options: BackupOptions): Promise<BackupMade> {
  const { data, target, ports, progress } = options;
  const still = await freezeFolder(data, ports, options).catch(async (error: unknown) => {
    await target.abandon();
    throw error;
  });
  try {
    await mkdir(still.scratch, { recursive: true, mode: 0o700 });
    const head = await headOf(data, still, ports);
    const manifest = join(still.scratch, MANIFEST);
    const sha256 = ports.createSha256();
    let [files, bytes] = [0, 0];
    let lines: string[] = [];
    const note = (value: unknown): void => {
      const line = `${JSON.stringify(value)}\n`;
      sha256.update(utf8ToBytes(line));
      lines.push(line);
    };
    const flush = async (): Promise<void> => {
      await appendFile(manifest, lines.splice(0).join('')).catch((cause: unknown) => {
        throw new MedsealError('FOLDER_UNWRITABLE', { path: data }, { cause });
      });
    };
    note(head);
    for await (const { path, from, fleeting } of filesOf(data, still)) {
      progress(path);
      const found = await stat(from).catch(() => undefined);
      // It was deleted since, for nobody owned it.
      if (found === undefined && fleeting) continue;
      if (found === undefined) throw failed(`${path} is lost`);
      const copied = await copy(path, from, found.size);
      note(copied);
      [files, bytes] = [files + 1, bytes + copied.size];
      if (lines.length >= LINES) await flush();
      still.requireThere();
    }
    const hash = bytesToHex(sha256.digest());
    const end: BackupEnd = { files, bytes, sha256: hash, signatures: await still.sign(hash) };
    lines.push(`${JSON.stringify(end)}\n`);
    await flush();
    const { size } = await stat(manifest);
    await target.write(MANIFEST, size, createReadStream(manifest));
    await target.finish();
    return { ...head, files, bytes, ...(still.paused !== undefined && { paused: still.paused }) };
  } catch (error) {
    await target.abandon();
    if (isMedsealError(error)) throw error;
    const reason = 'a part of the folder cannot be read; `medseal fsck` tells which';
    throw new MedsealError('BACKUP_FAILED', { reason }, { cause: error });
  } finally {
    await still.release();
  }

  async function copy(path: string, from: string, size: number): Promise<BackedUpFile> {
    const hash = ports.createSha256();
    let length = 0;
    async function* content(): AsyncGenerator<Uint8Array> {
      for await (const piece of readWhole(path, from)) {
        hash.update(piece);
        length += piece.length;
        yield piece;
      }
      if (length !== size) throw failed(`${path} changed meanwhile`);
    }
    await target.write(path, size, content());
    return { path, size, sha256: bytesToHex(hash.digest()) };
  }
}

async function headOf(
  data: string,
  still: FrozenFolder,
  { primitives }: NodePorts,
): Promise<BackupHead> {
  const files = await openFolder(data);
  const folder = await readFolderFile(files);
  if (folder === undefined) throw new MedsealError('NODE_ABSENT', { path: data });
  const network = await readNewestNetwork(files, { primitives });
  if (network === undefined && (await files.size('founding.json')) !== undefined) {
    // It would look like a backup from which somebody removed the network file.
    throw failed('its network is being founded: finish that first, with `medseal init`');
  }
  const logs: BackedUpLog[] = [];
  for (const organisation of folder.hosts) {
    for (const { organisation: owner } of network?.channels.flatMap((each) => each.logs) ?? []) {
      const path = `node/${organisation}/logs/${owner}`;
      if ((await stat(join(still.databases, path)).catch(() => undefined)) === undefined) continue;
      const found = await describe(path);
      if (found !== undefined) logs.push({ organisation, ...found });
    }
  }
  const networkId = network?.networkId;
  return { format: 'medseal-backup/2', at: still.at, ...(networkId && { networkId }), logs };

  async function describe(path: string): Promise<Omit<BackedUpLog, 'organisation'> | undefined> {
    try {
      const database = await still.open(path);
      const found = await describeRows(new LogRows(database), primitives);
      await database.close();
      return found;
    } catch (cause) {
      throw isMedsealError(cause) ? cause : unreadable(path, cause);
    }
  }
}

async function* readWhole(path: string, from: string): AsyncGenerator<Buffer> {
  try {
    for await (const piece of createReadStream(from)) yield piece as Buffer;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): MedsealError {
  const reason = `${path} cannot be read; \`medseal fsck\` tells its fault`;
  return new MedsealError('BACKUP_FAILED', { reason }, { cause });
}

function failed(reason: string): MedsealError {
  return new MedsealError('BACKUP_FAILED', { reason });
}
