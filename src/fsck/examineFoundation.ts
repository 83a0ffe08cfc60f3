import type { Address, Organisation } from '../protocol/ids.ts';
import { ownLogsOf } from '../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { seconds } from '../protocol/Clock.ts';
import { fileInForce, followSuccessors } from '../protocol/network/followSuccessors.ts';
import { parseNetworkFile } from '../protocol/network/parseNetworkFile.ts';
import { readFolderFile } from '../folder/FolderFile.ts';
import { parseFounding, type Founding } from '../folder/Founding.ts';
import { CHANNELS, parseChannels } from '../node/founding/channelFiles.ts';
import { FORK, parseKeptFork, type KeptFork } from '../folder/parseKeptFork.ts';
import { SUCCESSORS } from '../folder/readNewestNetwork.ts';
import type { KeyGuard } from '../folder/keyGuard.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import { type OrganisationKeys } from '../folder/organisationKeys.ts';
import { examineChannels } from './examineChannels.ts';
import { examineProofs } from './examineProofs.ts';
import { faultsOfShares } from './faultsOfShares.ts';
import { IssuedIdFiles } from '../services/enrolment/IssuedIdFiles.ts';
import type { ExaminationHearer } from '../services/examination/OrganisationExamination.ts';
import { contradictionIn, foundersOf } from './contradictionIn.ts';
import { addressesOf, examineKeys, examineKeysOf, type ExaminedKeys } from './examineKeys.ts';
import { FolderReader } from './FolderReader.ts';

/** Foundation that everything else in a folder is compared with, as far as it is there. */
export interface ExaminedFoundation {
  readonly founding: Founding | undefined;
  readonly network: NetworkFile | undefined;
  readonly keys: ReadonlyMap<Organisation, OrganisationKeys>;
  /** Accounts that sent to the ledger when it was founded, if the folder holds the founding. */
  readonly senders: readonly Address[];
}

/** Options of `examineFoundation`. */
export interface FoundationOptions {
  /** The folder. */
  readonly data: string;
  /** A network file from elsewhere; the folder's own if absent. */
  readonly pinned: NetworkFile | undefined;
  readonly ports: NodePorts;
  /** Protection of the keys on disk. */
  readonly guard: KeyGuard;
  readonly hearer: ExaminationHearer;
}

/**
 * Examines the owner of a folder, the founding of its network, its network file, and the keys of its organisations and
 * of the authority. If the founding is in the folder, the network file must follow from it and the keys.
 *
 * @param options - The folder, and the receiver of findings.
 */
export async function examineFoundation(options: FoundationOptions): Promise<ExaminedFoundation> {
  const { data, pinned, ports, guard, hearer } = options;
  const folder = await FolderReader.open(data, hearer);
  const { files } = folder;
  const kept = await folder.read(
    'founding',
    'folder.json',
    async () => await readFolderFile(files),
  );
  const isFounder =
    (await folder.namesIn('node/ledger')).includes('chain') ||
    (await folder.isThere('founding.json'));
  const founding = isFounder
    ? await folder.read('founding', 'founding.json', (value) => parseFounding(value, data))
    : undefined;
  const own = await folder.read('network-file', 'network.json', parseNetworkFile);
  const organisations =
    kept?.hosts ?? (await folder.namesIn('node')).filter((name) => name !== 'ledger');
  const examined = await examineKeys(folder, organisations, { ...ports, guard });
  const { keys } = examined;
  const [founder] = own?.founders ?? [];
  if (!isFounder && founder && keys.get(founder.organisation)?.sender.address === founder.sender) {
    folder.say('founding', 'founding.json', 'it is lost');
  }
  const identities = founding === undefined ? [] : foundersOf(founding, examined);
  const network = pinned ?? own;
  const followed = network && (await readFollowed(folder, network, examined, ports));
  if (own !== undefined) {
    const successors = followed?.slice(1) ?? [];
    const { primitives } = ports;
    const compared = { successors, pinned, keys, founding, identities, primitives };
    const wrong = contradictionIn(own, compared);
    if (wrong !== undefined) folder.say('network-file', 'network.json', wrong);
  }
  for (const name of organisations) {
    await examineIssued(folder, name, { newest: followed?.at(-1) ?? own, founding, ports });
  }
  const newest = followed?.at(-1) ?? network;
  for (const file of presentIn(followed ?? (network === undefined ? [] : [network]), ports)) {
    for (const name of keys.keys()) {
      const faults = await faultsOfShares({ data, ports, guard }, file, name);
      for (const fault of faults) folder.say('keys', ...fault);
    }
  }
  if (own !== undefined && (await folder.isThere(CHANNELS))) {
    const channels = await folder.read('network-file', CHANNELS, (value) =>
      parseChannels(value, data),
    );
    if (channels !== undefined) await examineChannels(channels, own, ports, hearer);
  }
  await examineProofs({
    files,
    followed: followed ?? [],
    kept: followed && (await readKept(folder, followed, ports)),
    hosts: organisations,
    own: addressesOf(examined),
    primitives: ports.primitives,
    read: folder.read.bind(folder),
  });
  return { founding, network: newest, keys, senders: identities.map(({ sender }) => sender) };
}

/** Examines which identifiers an organisation's member of the authority issued. */
async function examineIssued(
  folder: FolderReader,
  organisation: string,
  {
    newest,
    founding,
    ports,
  }: Pick<ExaminedFoundation, 'founding'> & {
    readonly newest: NetworkFile | undefined;
    readonly ports: NodePorts;
  },
): Promise<void> {
  const found = newest ? ownLogsOf(newest, organisation).map(({ channel }) => channel.name) : [];
  const channels = found.length === 0 && founding !== undefined ? [founding.channel] : found;
  const issued = new IssuedIdFiles(folder.files, `authority/${organisation}/`);
  for (const path of await issued.findAltered(ports.primitives, channels))
    folder.say('issued', path, 'it was altered');
}

/**
 * The network file and its successors: evidence is verified with the newest one, which names the offices of before too.
 * The folder must have the keys that each names which is in force or to come.
 */
async function readFollowed(
  folder: FolderReader,
  first: NetworkFile,
  examined: ExaminedKeys,
  ports: NodePorts,
): Promise<readonly NetworkFile[] | undefined> {
  const followed = (await folder.isThere(SUCCESSORS))
    ? await folder.read('network-file', SUCCESSORS, (value) =>
        followSuccessors(ports, first, value),
      )
    : [first];
  if (followed === undefined) return undefined;
  for (const file of presentIn(followed, ports)) {
    if (file !== first) examineKeysOf(folder, examined, file);
  }
  return followed;
}

/** The network file in force and those to come. */
function presentIn(
  followed: readonly NetworkFile[],
  { clock }: Pick<NodePorts, 'clock'>,
): readonly NetworkFile[] {
  if (followed.length === 0) return [];
  return followed.slice(followed.indexOf(fileInForce(followed, seconds(clock))));
}

async function readKept(
  folder: FolderReader,
  followed: readonly NetworkFile[],
  ports: NodePorts,
): Promise<KeptFork | undefined> {
  if (!(await folder.isThere(FORK))) return undefined;
  return await folder.read('network-file', FORK, (value) => parseKeptFork(value, followed, ports));
}
