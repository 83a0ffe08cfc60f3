import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMedsealError } from '../errors/isMedsealError.ts';
import type { Address, Organisation } from '../protocol/ids.ts';
import { isSameNetworkFile } from '../protocol/network/isSameNetworkFile.ts';
import { ownLogsOf } from '../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { seconds } from '../protocol/Clock.ts';
import { fileInForce, followSuccessors } from '../protocol/network/followSuccessors.ts';
import { numberOf } from '../protocol/wire/numberOf.ts';
import { succeeds } from '../protocol/wire/succeeds.ts';
import { parseNetworkFile } from '../protocol/network/parseNetworkFile.ts';
import type { Files } from '../folder/Files.ts';
import { openSharedFolder } from '../folder/openFolder.ts';
import { readFolderFile } from '../folder/FolderFile.ts';
import { parseFounding, type Founding } from '../folder/Founding.ts';
import { CHANNELS, parseChannels } from '../node/founding/channelFiles.ts';
import { followsFromItself } from '../node/founding/followsFromItself.ts';
import { networkFileOf } from '../node/founding/foundNetwork.ts';
import { requireKeysOf } from '../node/founding/readNetwork.ts';
import type { OrganisationHome } from '../node/NodeFolder.ts';
import { homeIn } from '../node/succession/homeIn.ts';
import { FORK, parseKeptFork, type KeptFork } from '../folder/parseKeptFork.ts';
import { SUCCESSORS } from '../folder/readNewestNetwork.ts';
import { readJsonFile } from '../folder/jsonFiles.ts';
import type { KeyGuard } from '../folder/keyGuard.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import { identityOf, type OrganisationIdentity } from '../folder/OrganisationIdentity.ts';
import {
  openAuthorityKey,
  openOrganisationKeys,
  type AccountKey,
  type LaterKeys,
  type OrganisationKeys,
} from '../folder/organisationKeys.ts';
import { examineChannels } from './examineChannels.ts';
import { examineDevice } from './examineDevice.ts';
import { examineLaterKeys } from './examineLaterKeys.ts';
import { examineProofs } from './examineProofs.ts';
import { faultsOfShares } from './faultsOfShares.ts';
import { IssuedIdFiles } from '../services/enrolment/IssuedIdFiles.ts';
import type { FolderFaultKind } from '../services/examination/FolderFault.ts';
import type { ExaminationHearer } from '../services/examination/OrganisationExamination.ts';

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
  const files = await openSharedFolder(data);
  const hosts = (await read('founding', 'folder.json', async () => await readFolderFile(files)))
    ?.hosts;
  const isFounder = (await namesIn('node')).includes('ledger') || (await isThere('founding.json'));
  const founding = isFounder
    ? await read('founding', 'founding.json', (value) => parseFounding(value, data))
    : undefined;
  const own = await read('network-file', 'network.json', parseNetworkFile);
  const organisations = hosts ?? (await namesIn('node')).filter((name) => name !== 'ledger');
  const keys = new Map<Organisation, OrganisationKeys>();
  const members = new Map<Organisation, AccountKey>();
  const keyPorts = { ...ports, guard };
  const later = new Map<Organisation, OrganisationHome['later']>();
  for (const name of organisations) {
    const found = await readKeys(
      `node/${name}`,
      async (at) => await openOrganisationKeys(at, keyPorts),
    );
    if (found !== undefined) keys.set(name, found);
    const member = await readKeys(
      `authority/${name}`,
      async (at) => await openAuthorityKey(at, keyPorts),
    );
    if (member !== undefined) members.set(name, member);
    const [node, authority] = [`node/${name}`, `authority/${name}`];
    later.set(name, { node: await readLater(node), member: await readLater(authority) });
    if ((await namesIn('authority')).includes(name)) {
      await examineDevice(await openSharedFolder(join(data, authority)), (file) => {
        say('device', `${authority}/${file}`, 'it was altered');
      });
    }
  }
  const [founder] = own?.founders ?? [];
  if (!isFounder && founder && keys.get(founder.organisation)?.sender.address === founder.sender) {
    say('founding', 'founding.json', 'it is lost');
  }
  const identities = founding === undefined ? [] : identitiesOf(founding);
  const senders = identities.map(({ sender }) => sender);
  const network = pinned ?? own;
  const followed = network && (await readFollowed(network));
  if (own !== undefined) examineNetworkFile(own, followed?.slice(1) ?? []);
  for (const name of organisations) await examineIssued(name, followed?.at(-1) ?? own);
  const newest = followed?.at(-1) ?? network;
  for (const file of presentIn(followed ?? (network === undefined ? [] : [network]))) {
    for (const name of keys.keys()) {
      const faults = await faultsOfShares({ data, ports, guard }, file, name);
      for (const fault of faults) say('keys', ...fault);
    }
  }
  if (own !== undefined && (await isThere(CHANNELS))) await examineNoted(own);
  await examineProofs({
    files,
    followed: followed ?? [],
    kept: followed && (await readKept(followed)),
    hosts: organisations,
    own: ownAddresses(),
    primitives: ports.primitives,
    read,
  });
  return { founding, network: newest, keys, senders };

  function say(kind: FolderFaultKind, path: string, what: string): void {
    hearer.fault({ kind, path, what: `${path}: ${what}`, remedy: 'backup' });
  }

  async function read<Value>(
    kind: FolderFaultKind,
    path: string,
    parse: (value: unknown) => Value | Promise<Value>,
  ): Promise<Value | undefined> {
    try {
      const value = await readJsonFile(files, path);
      if (value === undefined) say(kind, path, 'it is lost');
      // There is one spelling in which it was written.
      else if (
        `${JSON.stringify(value, null, 2)}\n` !== (await readFile(join(data, path), 'utf8'))
      ) {
        say(kind, path, 'it was altered');
      }
      return value === undefined ? undefined : await parse(value);
    } catch (error) {
      say(kind, path, isMedsealError(error) ? error.message : 'it cannot be read');
      return undefined;
    }
  }

  async function readKeys<Keys>(
    path: string,
    open: (files: Files) => Promise<Keys>,
  ): Promise<Keys | undefined> {
    try {
      // To open absent keys would make new ones.
      if (await isThere(`${path}/keys.json`))
        return await open(await openSharedFolder(join(data, path)));
      say('keys', `${path}/keys.json`, 'it is lost');
    } catch {
      say('keys', `${path}/keys.json`, 'it was altered');
    }
    return undefined;
  }

  function ownAddresses(): readonly Address[] {
    return [
      ...[...keys.values()].map(({ coordinator }) => coordinator),
      ...members.values(),
      ...[...later.values()].flatMap(({ node, member }) => [...node.seats, ...member.seats]),
    ].map(({ address }) => address);
  }

  async function isThere(path: string): Promise<boolean> {
    return (await files.size(path)) !== undefined;
  }

  async function namesIn(path: string): Promise<readonly string[]> {
    const found = await readdir(join(data, path), { withFileTypes: true }).catch(() => []);
    return found.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted();
  }

  async function examineNoted(file: NetworkFile): Promise<void> {
    const folders = await read('network-file', CHANNELS, (value) => parseChannels(value, data));
    if (folders !== undefined) await examineChannels(folders, file, ports, hearer);
  }

  async function examineIssued(
    organisation: string,
    newest: NetworkFile | undefined,
  ): Promise<void> {
    const found = newest ? ownLogsOf(newest, organisation).map(({ channel }) => channel.name) : [];
    const channels = found.length === 0 && founding !== undefined ? [founding.channel] : found;
    const issued = new IssuedIdFiles(files, `authority/${organisation}/`);
    for (const path of await issued.findAltered(ports.primitives, channels))
      say('issued', path, 'it was altered');
  }

  async function readLater(path: string): Promise<LaterKeys> {
    return await examineLaterKeys(join(data, path), keyPorts, (file, what) => {
      say('keys', `${path}/${file}`, what);
    });
  }

  /**
   * The network file and its successors: evidence is verified with the newest one, which names the offices of before too.
   * The folder must have the keys that each names which is in force or to come.
   */
  async function readFollowed(first: NetworkFile): Promise<readonly NetworkFile[] | undefined> {
    const followed = (await isThere(SUCCESSORS))
      ? await read('network-file', SUCCESSORS, (value) => followSuccessors(ports, first, value))
      : [first];
    if (followed === undefined) return undefined;
    for (const file of presentIn(followed)) {
      if (file !== first) examineKeysOf(file);
    }
    return followed;
  }

  /** The network file in force and those to come. */
  function presentIn(followed: readonly NetworkFile[]): readonly NetworkFile[] {
    if (followed.length === 0) return [];
    return followed.slice(followed.indexOf(fileInForce(followed, seconds(ports.clock))));
  }

  async function readKept(followed: readonly NetworkFile[]): Promise<KeptFork | undefined> {
    if (!(await isThere(FORK))) return undefined;
    return await read('network-file', FORK, (value) => parseKeptFork(value, followed, ports));
  }

  function examineKeysOf(file: NetworkFile): void {
    for (const [organisation, own] of keys) {
      const authorityKey = members.get(organisation);
      const made = later.get(organisation);
      if (authorityKey === undefined || made === undefined) continue;
      const home = homeIn(file, { organisation, keys: own, authorityKey, later: made });
      if (succeeds(() => (requireKeysOf(file, home), true))) continue;
      const which = `successor ${numberOf(file)} of the network file`;
      say('keys', `node/${organisation}`, `${which} does not name the keys that are here`);
    }
  }

  /** @param successors - An organisation that joined by one is not in the file itself, or is there with keys that were lost. */
  function examineNetworkFile(file: NetworkFile, successors: readonly NetworkFile[]): void {
    const wrong = contradiction(file, successors);
    if (wrong !== undefined) say('network-file', 'network.json', wrong);
  }

  function contradiction(
    file: NetworkFile,
    successors: readonly NetworkFile[],
  ): string | undefined {
    if (pinned !== undefined && !isSameNetworkFile(pinned, file)) {
      return 'it differs from the pinned one';
    }
    for (const [organisation, { coordinator }] of keys) {
      const isNamed = [file, ...successors].some(({ channels }) => {
        const named = channels
          .flatMap(({ coordinators }) => coordinators)
          .filter((each) => each.organisation === organisation);
        return named.length > 0 && named.every(({ address }) => address === coordinator.address);
      });
      if (!isNamed) return `it does not name the keys of ${organisation}`;
    }
    if (!followsFromItself(file, ports.primitives)) {
      return 'it was altered: its network id does not follow from the rest of it';
    }
    if (founding === undefined || identities.length < founding.organisations.length)
      return undefined;
    const expected = networkFileOf(founding, identities, ports.primitives, file.ledger.chain);
    return isSameNetworkFile(expected, file)
      ? undefined
      : 'it does not follow from founding.json and the keys';
  }

  /** The public keys that a network was founded with, in the order of its organisations. */
  function identitiesOf({
    organisations: all,
    others = [],
    tls: isTls = false,
  }: Founding): readonly OrganisationIdentity[] {
    return all.flatMap((organisation) => {
      const [mine, member] = [keys.get(organisation), members.get(organisation)];
      if (mine !== undefined && member !== undefined)
        return [identityOf(organisation, mine, member, isTls)];
      return others.filter((other) => other.organisation === organisation);
    });
  }
}
