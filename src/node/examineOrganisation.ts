import { bytesToHex, bytesToUtf8, hexToBytes } from '../crypto/bytes.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { encryptBodies, type BodyEncryption } from '../log/encryptBodies.ts';
import { examineRows, type ExaminedRows } from '../log/examineRows.ts';
import { LogRows } from '../log/LogRows.ts';
import { openEvidenceLog } from '../log/openEvidenceLog.ts';
import { domainOf } from '../protocol/domainOf.ts';
import type { Bytes32, LogName, Organisation } from '../protocol/ids.ts';
import type { LogIdentity, NetworkFile } from '../protocol/NetworkFile.ts';
import type { Write } from '../protocol/requests.ts';
import type { Files } from '../vault/Files.ts';
import { readJsonFile } from './jsonFiles.ts';
import type { NodePorts } from './NodePorts.ts';
import { openOrganisationKeys } from './organisationKeys.ts';
import { openOrganisationFolder, type OrganisationFolder } from './OrganisationFolder.ts';

/** What was found of one part of an organisation's folder: a log, the vault, what the coordinator keeps. */
export interface ExaminedPart {
  /** Such as `hospital: log care/insurer`. */
  readonly name: string;
  /** What it holds, in a sentence. */
  readonly holds: string;
  /** What does not hold, each in a sentence that names it. */
  readonly faults: readonly string[];
  readonly organisation: Organisation;
  /** For a log: which, and the roots of its checkpoints by size, for copies to be compared with. */
  readonly log?: LogName;
  readonly checkpoints?: ReadonlyMap<number, Bytes32>;
}

/**
 * Examines an organisation's folder while no node runs on it: every row of every log, every body, every sealed file.
 *
 * @param path - The folder.
 * @param network - The pinned network file.
 * @param organisation - Whose it is.
 * @param ports - Hashes, curve, cipher.
 * @throws MedsealError where the folder is not that of an organisation.
 */
export async function examineOrganisation(
  path: string,
  network: NetworkFile,
  organisation: Organisation,
  ports: NodePorts,
): Promise<readonly ExaminedPart[]> {
  const folder = await openOrganisationFolder(path);
  if ((await readJsonFile(folder.files, 'keys.json')) === undefined) {
    throw new MedsealError('FOLDER_FOREIGN', { path, what: 'it has no keys.json' });
  }
  const keys = await openOrganisationKeys(folder.files, ports);
  const { random, cipher } = ports;
  const bodies = encryptBodies({ storageKey: keys.storage, random, cipher });
  const parts: ExaminedPart[] = [];
  const writes = new Map<Bytes32, Write>();
  const judged = new Set<Bytes32>();
  for (const identity of network.channels.flatMap(({ logs }) => logs)) {
    const name = `${organisation}: log ${identity.name}`;
    const found = await examineStored(folder, network, identity, bodies, ports);
    if (typeof found === 'string') {
      const holds = 'nothing that can be read';
      parts.push({ name, organisation, holds, faults: [found] });
      continue;
    }
    const { entries, erased, checkpoints, faults } = found;
    for (const write of found.writes) writes.set(write.file, write);
    for (const [entry, by] of found.judged) {
      if (by.includes(keys.coordinator.address)) judged.add(entry);
    }
    const gone = erased === 0 ? '' : `, ${erased} of them erased`;
    const holds = `${entries} entries${gone}, ${checkpoints.size} checkpoints`;
    parts.push({ name, organisation, holds, faults, log: identity.name, checkpoints });
  }
  parts.push(await examineVault(await folder.part('vault'), organisation, writes, ports));
  parts.push(await examineKept(folder, organisation, judged, bodies, ports));
  return parts;
}

/** What is found in a log's database, or why it does not open as that log. */
async function examineStored(
  folder: OrganisationFolder,
  network: NetworkFile,
  identity: LogIdentity,
  bodies: BodyEncryption,
  ports: NodePorts,
): Promise<ExaminedRows | string> {
  const { primitives } = ports;
  const name = `logs/${identity.organisation}`;
  const path = `${folder.files.path}/${name}`;
  try {
    const database = await folder.database(name);
    const log = await openEvidenceLog({ identity, database, primitives, bodies, path });
    try {
      const context = { network, identity, bodies, primitives, domain: domainOf(network) };
      return await examineRows(new LogRows(database, path), context);
    } finally {
      await log.close();
    }
  } catch (error) {
    if (error instanceof MedsealError) return error.message;
    return 'its database can not be read';
  }
}

/** Every sealed file must have the hash that it is named by; every write must have its file. */
async function examineVault(
  files: Files,
  organisation: Organisation,
  writes: ReadonlyMap<Bytes32, Write>,
  { createSha256 }: NodePorts,
): Promise<ExaminedPart> {
  const faults: string[] = [];
  const there = new Set<string>();
  for (const part of await files.list('sealed')) {
    for (const name of await files.list(`sealed/${part}`)) {
      const path = `sealed/${part}/${name}`;
      const hash = createSha256();
      for await (const bytes of files.read(path)) hash.update(bytes);
      if (bytesToHex(hash.digest()) === `0x${name}`) there.add(`0x${name}`);
      else faults.push(`${path} was altered: it does not have the hash that it is named by`);
    }
  }
  for (const { file, size, record, version } of writes.values()) {
    const path = `sealed/${file.slice(2, 4)}/${file.slice(2)}`;
    const what = `the sealed file of record ${record}, version ${version}`;
    if (!there.has(file)) {
      if ((await files.size(path)) === undefined) faults.push(`${what}, is not there`);
    } else if ((await files.size(path)) !== size) {
      faults.push(`${what}, has another size than its author signed`);
    }
  }
  const holds = `${there.size} sealed files as they are named, ${writes.size} of them named by entries`;
  return { name: `${organisation}: vault`, organisation, holds, faults };
}

/** Bodies that the coordinator keeps must open and hash to their entries; it must keep every one that it judged. */
async function examineKept(
  folder: OrganisationFolder,
  organisation: Organisation,
  judged: ReadonlySet<Bytes32>,
  bodies: BodyEncryption,
  { primitives }: NodePorts,
): Promise<ExaminedPart> {
  const database = await folder.database('coordinator');
  const faults: string[] = [];
  const kept = new Set<string>();
  try {
    for await (const [key, value] of database.iterator({ gte: 'body/', lt: 'body0' })) {
      const entry = key.slice('body/'.length);
      kept.add(entry);
      try {
        const bytes = hexToBytes(value);
        const [secret, sealed] = [bytes.subarray(0, 32), bytes.subarray(32)];
        const body = bodies.open(0, { secret, sealed });
        if (bytesToHex(primitives.sha256(body)) === entry && bytesToUtf8(body) !== '') continue;
        faults.push(`the body of entry ${entry} is another`);
      } catch (error) {
        if (!isMedsealError(error)) throw error;
        faults.push(`the body of entry ${entry} was altered where it lies`);
      }
    }
  } finally {
    await database.close();
  }
  const lost = [...judged].filter((entry) => !kept.has(entry));
  if (lost.length > 0)
    faults.push(`${lost.length} bodies that it judged are lost, ${lost[0]} first`);
  const holds = `${kept.size} bodies`;
  return { name: `${organisation}: coordinator`, organisation, holds, faults };
}
