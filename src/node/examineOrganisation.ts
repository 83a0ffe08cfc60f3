import { hexToBytes } from '../crypto/bytes.ts';
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
import { openFolderVault } from '../vault/openFolderVault.ts';
import type { Vault } from '../vault/Vault.ts';
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
  const bodies = encryptBodies({ ...ports, storageKey: keys.storage });
  const parts: ExaminedPart[] = [];
  const wanted = new Map<Bytes32, WantedFile>();
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
    const own = identity.organisation === organisation;
    for (const write of found.writes) wanted.set(write.file, { write, own });
    for (const [entry, by] of found.judged) {
      if (by.includes(keys.coordinator.address)) judged.add(entry);
    }
    const gone = erased === 0 ? '' : `, ${erased} of them erased`;
    const holds = `${entries} entries${gone}, ${checkpoints.size} checkpoints`;
    parts.push({ name, organisation, holds, faults, log: identity.name, checkpoints });
  }
  parts.push(await examineVault(folder, organisation, wanted, ports));
  parts.push(await examineKept(folder, organisation, judged, bodies));
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

/** A sealed file that an entry names. */
interface WantedFile {
  readonly write: Write;
  /** Whether the entry is in the organisation's own log; files of the others' are copied after their entries. */
  readonly own: boolean;
}

/** Every sealed file that an entry names must have the hash and size that its author signed. */
async function examineVault(
  folder: OrganisationFolder,
  organisation: Organisation,
  wanted: ReadonlyMap<Bytes32, WantedFile>,
  { createSha256 }: NodePorts,
): Promise<ExaminedPart> {
  const vault = await openFolderVault({
    files: await folder.part('vault'),
    database: await folder.database('vault-index'),
    quota: Number.MAX_SAFE_INTEGER,
    createSha256,
  });
  const faults: string[] = [];
  let sound = 0;
  try {
    for (const [file, { write, own }] of wanted) {
      const fault = await faultOf(vault, write);
      if (fault === undefined) sound += 1;
      else if (own || fault !== ABSENT) {
        faults.push(
          `sealed file ${file} of record ${write.record}, version ${write.version}: ${fault}`,
        );
      }
    }
  } finally {
    await vault.close();
  }
  const holds = `${sound} of the ${wanted.size} sealed files that entries name`;
  return { name: `${organisation}: vault`, organisation, holds, faults };
}

const ABSENT = 'it is not there';

async function faultOf(vault: Vault, { file, size }: Write): Promise<string | undefined> {
  const found = await vault.stat(file);
  if (found === undefined) return ABSENT;
  if (found.size !== size) return 'it has another size than its author signed';
  try {
    let length = 0;
    for await (const bytes of vault.get(file)) length += bytes.length;
    return length === size ? undefined : 'it was cut off';
  } catch (error) {
    if (isMedsealError(error, 'FILE_MISMATCH')) return 'it was altered: it has another hash';
    throw error;
  }
}

/** Bodies that the coordinator keeps must open and hash to their entries; it must keep every one that it judged. */
async function examineKept(
  folder: OrganisationFolder,
  organisation: Organisation,
  judged: ReadonlySet<Bytes32>,
  bodies: BodyEncryption,
): Promise<ExaminedPart> {
  const database = await folder.database('coordinator');
  const faults: string[] = [];
  const kept = new Set<string>();
  try {
    for await (const [key, value] of database.iterator<string, Uint8Array>({
      gte: 'body/',
      lt: 'body0',
      valueEncoding: 'view',
    })) {
      const entry = key.slice('body/'.length);
      kept.add(entry);
      try {
        bodies.open(0, value, hexToBytes(entry));
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
