import { readdir } from 'node:fs/promises';
import { bytesToHex } from '../crypto/bytes.ts';
import { createNoteKey } from '../crypto/note/NoteKey.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import { openEmbeddedLedger, type EmbeddedLedger } from '../ledger/openEmbeddedLedger.ts';
import { openSender } from '../ledger/openSender.ts';
import type { AgentPort } from '../protocol/AgentPort.ts';
import { seconds } from '../protocol/Clock.ts';
import { contextOf } from './contextOf.ts';
import type { Organisation } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';
import { parseNetworkFile } from '../protocol/parseNetworkFile.ts';
import { createAuthority } from '../services/createAuthority.ts';
import type { Quotas } from '../services/agent/Quotas.ts';
import type { CheckpointPolicy } from '../services/createAdministrator.ts';
import type { Contributor } from '../services/createContributor.ts';
import { LedgerIndex } from '../services/LedgerIndex.ts';
import type { PeerPorts } from '../services/peerRules.ts';
import type { Files } from '../vault/Files.ts';
import { openFolder } from '../vault/openFolder.ts';
import {
  areOrganisations,
  FOLDER_FORMAT,
  parseFounding,
  type Founding,
  type OrganisationIdentity,
} from './Founding.ts';
import { enrolSenders } from './enrolSenders.ts';
import { foundNetwork, originOf } from './foundNetwork.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';
import { lockFolder } from './lockFolder.ts';
import { loopback } from './loopback.ts';
import { machinePorts, type NodePorts } from './NodePorts.ts';
import { openOrganisationFolder, type OrganisationFolder } from './OrganisationFolder.ts';
import {
  openAuthorityKey,
  openOrganisationKeys,
  type AccountKey,
  type OrganisationKeys,
} from './organisationKeys.ts';
import { SenderAdmission } from './SenderAdmission.ts';
import { openOrganisation, type RunningOrganisation } from './openOrganisation.ts';
import { loopbackPeer } from './peers/loopbackPeer.ts';

/** The organisations of a network that is not told otherwise. */
export const DEFAULT_ORGANISATIONS = ['hospital', 'laboratory', 'insurer'] as const;

/** What a network in one process is opened with. */
export interface NetworkOptions {
  /** The folder: nodes under `node/`, the authority under `authority/`, devices under `parties/`. */
  readonly folder: string;
  /** Whether a network that is founded now is a demonstration. */
  readonly demo: boolean;
  /** The organisations of a network that is founded now; the first one founds it. */
  readonly organisations?: readonly Organisation[];
  readonly policy?: CheckpointPolicy;
  /** How much of a node one party can take up, where it differs from the defaults. */
  readonly quotas?: Partial<Quotas>;
  /** The machine's where absent. */
  readonly ports?: NodePorts;
  /** Told of what failed in the background. */
  readonly onFailure?: (error: unknown) => void;
}

/** A consortium in one process. */
export interface RunningNetwork {
  readonly file: NetworkFile;
  /** The agents, each behind a transport that encodes all that crosses. */
  readonly agents: ReadonlyMap<Organisation, AgentPort>;
  readonly ledger: EmbeddedLedger;
  readonly ports: NodePorts;
  /** The contributors, for whoever operates the network: they catch up, and repair. */
  readonly contributors: ReadonlyMap<Organisation, Contributor>;
  /** Ends what is under way and closes every store. */
  close(): Promise<void>;
}

interface OrganisationHome {
  readonly organisation: Organisation;
  readonly folder: OrganisationFolder;
  readonly keys: OrganisationKeys;
  readonly authorityFiles: Files;
  readonly authorityKey: AccountKey;
}

const DEFAULT_POLICY: CheckpointPolicy = { maxEntries: 1024, maxDelay: 200 };

/**
 * Opens the network of a folder, or founds one there. Each organisation has a folder, keys, log, vault and services
 * of its own, and reaches the others through an encoding transport alone.
 *
 * @param options - The folder and what a new network is to be.
 * @throws MedsealError `FOLDER_UNWRITABLE`, `FOLDER_LOCKED`, `FOLDER_FOREIGN`, `FOLDER_NEWER`, `LEDGER_OTHER`,
 * `NETWORK_FILE_INVALID`; `KEYSTORE_DEMO` where a demonstration is opened as something else.
 */
export async function openNetwork(options: NetworkOptions): Promise<RunningNetwork> {
  const ports = options.ports ?? (await machinePorts());
  const onFailure = options.onFailure ?? (() => undefined);
  const files = await openFolder(options.folder);
  await requireOurs(files);
  const unlock = await lockFolder(files);
  const opened: { close(): Promise<unknown> }[] = [{ close: unlock }];
  const running = new Map<Organisation, RunningOrganisation>();
  const close = async (): Promise<void> => {
    await Promise.all([...running.values()].map(async (each) => await each.stop()));
    // What can not be closed keeps nothing else open, the lock least of all.
    const failures: unknown[] = [];
    for (const part of opened.toReversed()) {
      await part.close().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw toMedsealError(failures[0]);
  };
  try {
    const founding = await readFounding(files, options, ports);
    const homes: OrganisationHome[] = [];
    for (const organisation of founding.organisations) {
      homes.push(await openHome(options.folder, organisation, ports));
    }
    const ledgerFolder = await openOrganisationFolder(`${options.folder}/node/ledger`);
    const chain = await ledgerFolder.database('chain');
    opened.push(chain);
    const admission = new SenderAdmission(homes.map(({ keys }) => keys.sender.address));
    const ledger = await openEmbeddedLedger({
      database: chain,
      chainId: founding.chainId,
      genesis: {
        timestamp: founding.timestamp,
        senders: homes.map(({ keys }) => keys.sender.address),
      },
      clock: ports.clock,
      primitives: ports.primitives,
      maySend: async (account) => await admission.maySend(account),
    });
    opened.push(ledger);
    const senders = new Map(
      homes.map(({ organisation, keys }) => [
        organisation,
        openSender({
          provider: loopback(ledger),
          chainId: founding.chainId,
          secret: keys.sender.signingKey,
          primitives: ports.primitives,
          clock: ports.clock,
        }),
      ]),
    );
    const senderOf = (organisation: Organisation) => required(senders, organisation);
    const network = await readNetworkFile(files, async () => {
      const first = founding.organisations[0] ?? '';
      const identities = homes.map((home) => identityOf(founding, home));
      return await foundNetwork(founding, identities, ledger, senderOf(first), ports.primitives);
    });
    if (network.ledger.genesis !== ledger.genesisHash || network.networkId !== founding.networkId) {
      throw new MedsealError('LEDGER_OTHER', {});
    }
    const channel = network.channels[0];
    if (channel === undefined) {
      throw new MedsealError('NETWORK_FILE_INVALID', { reason: 'no channel' });
    }

    const index = new LedgerIndex({
      provider: ledger,
      contracts: network.contracts,
      clock: ports.clock,
    });
    await enrolSenders(
      { ...ports, network, index },
      homes,
      senderOf(channel.logs[0]?.organisation ?? ''),
    );
    admission.follow(index);

    const authorities = new Map(
      homes.map((home) => [home.organisation, authorityOf(home, network, ledger, ports)]),
    );
    const portsOf = (name: Organisation): PeerPorts => ({
      get coordinator() {
        return required(running, name).coordinator;
      },
      get contributor() {
        return required(running, name).contributor;
      },
      get authority() {
        return required(authorities, name);
      },
    });
    for (const { organisation, folder, keys } of homes) {
      const services = await openOrganisation({
        organisation,
        network,
        channel,
        folder,
        keys,
        ledger: loopback(ledger),
        sender: senderOf(organisation),
        policy: options.policy ?? DEFAULT_POLICY,
        ...(options.quotas && { quotas: options.quotas }),
        peers: (receiver) =>
          loopbackPeer(portsOf(receiver), { network, caller: organisation, receiver }),
        ports,
        onFailure,
      });
      running.set(organisation, services);
      opened.push(services);
    }
    for (const { administrator, contributor } of running.values()) {
      // It is tried again in the background; a log that can not be checkpointed still can be read.
      await administrator.checkpoint().catch(onFailure);
      await contributor.catchUp();
    }
    const agents = new Map(
      [...running].map(([organisation, services]) => [organisation, loopback(services.agent)]),
    );
    const contributors = new Map(
      [...running].map(([organisation, { contributor }]) => [organisation, contributor]),
    );
    return { file: network, agents, contributors, ledger, ports, close };
  } catch (error) {
    await close().catch(onFailure);
    throw error;
  }
}

/** What a folder may hold before its founding is written: the lock, and the devices of parties. */
const BEFORE_FOUNDING = /^(?:lock|parties|(?:process|founding)\.json(?:\.[0-9a-f]+)?)$/;

/** Refuses a folder that holds something else, before anything is written. */
async function requireOurs(files: Files): Promise<void> {
  const names = await readdir(files.path);
  if (names.includes('founding.json') || names.every((name) => BEFORE_FOUNDING.test(name))) return;
  const what = 'it holds files that are not of a Medseal network';
  throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what });
}

async function readFounding(
  files: Files,
  options: NetworkOptions,
  { random, clock }: NodePorts,
): Promise<Founding> {
  const written = await readJsonFile(files, 'founding.json');
  if (written !== undefined) {
    const known = parseFounding(written, files.path);
    if (known.demo && !options.demo) throw new MedsealError('KEYSTORE_DEMO', {});
    return known;
  }
  const organisations = options.organisations ?? DEFAULT_ORGANISATIONS;
  if (!areOrganisations(organisations)) {
    throw new MedsealError('ARGUMENT_INVALID', {
      argument: 'organisations',
      reason: 'they must be different short names',
    });
  }
  const founding: Founding = {
    format: FOLDER_FORMAT,
    networkId: bytesToHex(random(32)),
    demo: options.demo,
    chainId: 2 ** 30 + (new DataView(random(4).slice().buffer).getUint32(0) % 2 ** 30),
    timestamp: seconds(clock),
    channel: 'care',
    threshold: Math.floor(organisations.length / 2) + 1,
    organisations,
  };
  await writeJsonFile(files, 'founding.json', founding);
  return founding;
}

async function readNetworkFile(
  files: Files,
  found: () => Promise<NetworkFile>,
): Promise<NetworkFile> {
  const known = await readJsonFile(files, 'network.json');
  if (known !== undefined) return parseNetworkFile(known);
  const network = await found();
  await writeJsonFile(files, 'network.json', network);
  return network;
}

async function openHome(
  root: string,
  organisation: Organisation,
  ports: NodePorts,
): Promise<OrganisationHome> {
  const folder = await openOrganisationFolder(`${root}/node/${organisation}`);
  const authorityFiles = await openFolder(`${root}/authority/${organisation}`);
  return {
    organisation,
    folder,
    keys: await openOrganisationKeys(folder.files, ports),
    authorityFiles,
    authorityKey: await openAuthorityKey(authorityFiles, ports),
  };
}

function identityOf(founding: Founding, home: OrganisationHome): OrganisationIdentity {
  const { organisation, keys, authorityKey } = home;
  return {
    organisation,
    coordinator: keys.coordinator.address,
    sender: keys.sender.address,
    authority: authorityKey.address,
    note: createNoteKey(originOf(founding, organisation), keys.note).verifierKey,
  };
}

function authorityOf(
  { organisation, authorityFiles, authorityKey }: OrganisationHome,
  network: NetworkFile,
  ledger: EmbeddedLedger,
  ports: NodePorts,
): ReturnType<typeof createAuthority> {
  const index = new LedgerIndex({
    provider: loopback(ledger),
    contracts: network.contracts,
    clock: ports.clock,
  });
  const context = contextOf(ports, { network, organisation, index });
  return createAuthority(context, {
    key: authorityKey,
    // A network of this machine alone: whoever can reach its loopback address is its operator.
    accepts: async () => await Promise.resolve(true),
    keepIssued: async (issued) =>
      await writeJsonFile(authorityFiles, `issued/${issued.handle}.json`, issued),
  });
}

function required<Value>(
  services: ReadonlyMap<Organisation, Value>,
  organisation: Organisation,
): Value {
  const service = services.get(organisation);
  if (service === undefined) throw new MedsealError('PEER_UNREACHABLE', { peer: organisation });
  return service;
}
