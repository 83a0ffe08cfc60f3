import { join } from 'node:path';
import { bytesToHex, utf8ToBytes } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import type { Files } from '../folder/Files.ts';
import { readNetworkFiles } from '../folder/readNewestNetwork.ts';
import { isFoundersIdentity } from '../folder/shareFiles.ts';
import { readFolderFile } from '../folder/FolderFile.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
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
import { unsignedBy } from './signManifest.ts';

/** List of the copied files, which is compared with the manifest. */
export const COPIED = 'copied.jsonl';
/** Files that a folder has only once its network is founded, beside those of its nodes. */
const OF_A_NETWORK = /^(?:founding|contracts)\.json$/;

/** A backup that is compared with its copy. */
export interface ComparedBackup {
  /** Path of the backup, for messages. */
  readonly from: string;
  readonly ports: NodePorts;
  /**
   * Fingerprint of a network file that the backup must know; none is required if absent. A thief of a former key of the log
   * can take the successors out that name a later key, and sign the rest.
   */
  readonly requires?: Bytes32 | undefined;
}

/** A backup that was restored. */
export type RestoredBackup = BackupHead &
  Omit<BackupEnd, 'sha256' | 'signatures'> & {
    /** The newest network file in it; absent if the network was not founded yet. */
    readonly network?: BackedUpNetwork;
  };

/**
 * Compares the copied files with the manifest, line by line, and requires that the folder's organisations signed it.
 *
 * @param files - The folder that they were copied into, with the list of them.
 * @param backup - Path of the backup, and the network file that it must know.
 * @throws MedsealError `BACKUP_DAMAGED`.
 */
export async function compareCopy(files: Files, backup: ComparedBackup): Promise<RestoredBackup> {
  const { from, ports, requires } = backup;
  if ((await files.size(MANIFEST)) === undefined) throw damagedBackup(from, 'it has no manifest');
  const lines = linesOf(join(files.path, COPIED));
  const sha256 = ports.createSha256();
  let head: BackupHead | undefined;
  let end: BackupEnd | undefined;
  let [count, bytes] = [0, 0];
  for await (const line of linesOf(join(files.path, MANIFEST))) {
    const value = parseLine(line);
    if (end !== undefined) throw damagedBackup(from, 'its manifest goes on after its end');
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
      throw damagedBackup(
        from,
        'an older version made it: restore it with that version, then upgrade',
      );
    }
    if (!isFile(value)) throw damagedBackup(from, 'its manifest was altered');
    const copied = await lines.next();
    if (copied.done === true || copied.value !== line)
      throw damagedBackup(from, `${value.path} was altered`);
    [count, bytes] = [count + 1, bytes + value.size];
  }
  const hash = bytesToHex(sha256.digest());
  const whole = end?.files === count && end.bytes === bytes && end.sha256 === hash;
  if (head === undefined || !whole)
    throw damagedBackup(from, 'its manifest was altered, or cut off');
  if ((await lines.next()).done !== true)
    throw damagedBackup(from, 'it has files that its manifest does not name');
  const known = (await requireSigned(files, backup, head, end)).map((each) =>
    backedUpNetworkOf(ports, each),
  );
  const network = known.at(-1);
  if (requires !== undefined) requireKnown(from, known, requires);
  return { ...head, files: count, bytes, ...(network && { network }) };
}

/**
 * Requires a signature of every organisation of the folder; before the network was founded there is no key to verify
 * one. Returns the network files.
 */
async function requireSigned(
  files: Files,
  { from, ports }: ComparedBackup,
  { at, networkId }: BackupHead,
  end: BackupEnd | undefined,
): Promise<readonly NetworkFile[]> {
  const known = await readNetworkFiles(files, ports);
  const network = known.at(-1);
  if (network === undefined) {
    if (networkId === undefined && !(await hasBegun(files))) return [];
    throw damagedBackup(from, 'it lacks network.json');
  }
  const { hosts = [] } = (await readFolderFile(files)) ?? {};
  const { sha256 = '0x', signatures = [] } = end ?? {};
  const [name] = unsignedBy(ports.primitives, network, hosts, { at, sha256 }, signatures);
  if (hosts.length > 0 && name === undefined) return known;
  if (name === undefined) throw damagedBackup(from, 'folder.json names no organisation');
  throw damagedBackup(from, `its manifest was altered: ${name} did not sign it`);
}

function requireKnown(from: string, known: readonly BackedUpNetwork[], requires: Bytes32): void {
  if (known.some(({ fingerprint }) => fingerprint === requires)) return;
  const newest = known.at(-1);
  const has = newest
    ? `its newest network file is number ${newest.number}, ${newest.fingerprint}`
    : 'it has no network file';
  throw damagedBackup(
    from,
    `${has}, and it does not know ${requires}: it is older, or somebody took that out`,
  );
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

/** The error of a backup that is not as it was made. */
export function damagedBackup(path: string, what: string, cause?: unknown): MedsealError {
  return new MedsealError('BACKUP_DAMAGED', { path, what }, { cause });
}
