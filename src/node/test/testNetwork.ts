// Over 400 lines: one value composes a whole network, whose parts refer to each other.

import { createHash } from 'node:crypto';
import { MemoryLevel } from 'memory-level';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import type { DeviceStore } from '../../client/party/DeviceStore.ts';
import { enrol } from '../../client/party/enrol.ts';
import { grantRight, type RightGiven } from '../../client/rights/grantRight.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import type { KnownGrant } from '../../client/state/PatientState.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Random } from '../../crypto/Random.ts';
import type { PayloadCipher } from '../../crypto/sealing/PayloadCipher.ts';
import { openEmbeddedLedger, type EmbeddedLedger } from '../../ledger/openEmbeddedLedger.ts';
import { openSender, type Sender } from '../../ledger/openSender.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';

import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import { fingerprintOf } from '../../protocol/fingerprintOf.ts';
import { contextOf } from '../contextOf.ts';
import type { FurtherContract } from '../../protocol/furtherContracts.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile, Thresholds } from '../../protocol/NetworkFile.ts';
import { CATEGORIES, type Role } from '../../protocol/vocabulary.ts';
import type { Quotas } from '../../services/agent/Quotas.ts';
import type { CheckpointPolicy } from '../../services/administrator/createCheckpointer.ts';
import { createAuthority } from '../../services/enrolment/createAuthority.ts';
import { memoryIssued } from './memoryIssued.ts';
import { rememberingCipher } from './rememberingCipher.ts';
import { LedgerIndex } from '../../services/LedgerIndex.ts';
import type { StreamsOf } from '../../services/intercept.ts';
import type { PeerPorts } from '../../services/peers/peerCalls.ts';
import type { AuthorityPort, ContributorPort, CoordinatorPort } from '../../services/ports.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { memoryFiles } from '../../folder/test/memoryFiles.ts';
import { FOLDER_FORMAT, type Founding } from '../../folder/Founding.ts';
import { foundNetwork } from '../founding/foundNetwork.ts';
import { loopback } from '../../peers/loopback.ts';
import { nativeSha256 } from '../../folder/nativeSha256.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import { identityOf } from '../../folder/OrganisationIdentity.ts';
import {
  openOrganisation,
  type OrganisationOptions,
  type RunningOrganisation,
} from '../openOrganisation.ts';
import {
  openAuthorityKey,
  openOrganisationKeys,
  type AccountKey,
  type OrganisationKeys,
} from '../../folder/organisationKeys.ts';
import type { OrganisationFolder } from '../../folder/OrganisationFolder.ts';
import { loopbackPeer } from '../../peers/loopbackPeer.ts';

export const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'] as const;
/** Time at which every test network begins, Unix seconds. */
export const BEGIN = 1_800_000_000;

/** A consortium in memory whose time stands still, and whose parts a test can remove or replace. */
export interface TestNetwork {
  readonly file: NetworkFile;
  readonly clock: TestClock;
  readonly ports: NodePorts;
  readonly ledger: EmbeddedLedger;
  readonly keys: ReadonlyMap<Organisation, OrganisationKeys>;
  readonly senders: ReadonlyMap<Organisation, Sender>;
  readonly authorityKeys: readonly AccountKey[];
  /** Failures in the background. */
  readonly failures: unknown[];
  /** Peers that lie, by organisation: they answer in place of the real ones. */
  readonly liars: {
    readonly coordinator: Map<Organisation, CoordinatorPort>;
    readonly contributor: Map<Organisation, ContributorPort>;
    readonly authority: Map<Organisation, AuthorityPort>;
  };
  services(organisation?: Organisation): RunningOrganisation;
  agent(organisation?: Organisation): AgentPort;
  authority(organisation: Organisation): AuthorityPort;
  database(organisation: Organisation, name: string): ServiceDatabase;
  /** Closes an organisation's services and composes them again over the same folder. */
  restart(organisation: Organisation): Promise<void>;
  /** Has an organisation leave now: the others go on under a network file without its coordinator. */
  leave(organisation: Organisation): Promise<void>;
  /** Changes a file in a part of an organisation's folder behind its back. */
  tamper(
    organisation: Organisation,
    part: string,
    path: string,
    change: (bytes: Uint8Array) => Uint8Array,
  ): void;
  /** Restarts an organisation after everything in a database, and in the folder of that name, is gone. */
  lose(organisation: Organisation, database: string, folder?: string): Promise<void>;
  /** Restarts an organisation after everything in its folder is gone but its keys. */
  loseAll(organisation: Organisation): Promise<void>;
  /** A party at a device in memory, enrolled. */
  party(role: Role, options?: Partial<PartyAt>): Promise<Party>;
  /** Returns a copy of an organisation's databases. */
  save(organisation: Organisation): Promise<SavedFolder>;
  /** Restarts an organisation after its databases were restored from such a copy. */
  rollBack(organisation: Organisation, saved: SavedFolder, restored?: Restored): Promise<void>;
  /** Runs a second copy of an organisation beside it, which no peer calls. */
  double(
    organisation: Organisation,
    saved: SavedFolder,
    restored?: Restored,
  ): Promise<RunningOrganisation>;
  /** Checkpoints an organisation's log, and lets the peers copy it. */
  checkpoint(organisation?: Organisation): Promise<void>;
  close(): Promise<void>;
}

/** Rows of databases, by their names. */
export type SavedFolder = ReadonlyMap<string, readonly (readonly [Uint8Array, Uint8Array])[]>;

/** Time at which an organisation was restored, and whether the others went on. */
export type Restored = NonNullable<OrganisationOptions['restored']> & {
  readonly othersWentOn: boolean;
};

/** Options of a test party. */
export interface PartyAt {
  readonly organisation: Organisation;
  readonly device: DeviceStore;
  readonly seed: Uint8Array;
  readonly agent: AgentPort;
  /** Not enrolled if false. */
  readonly enrolled: boolean;
}

/** Random bytes that follow from a seed. */
export function seededRandom(seed: string): Random {
  let calls = 0;
  return (length) => {
    calls += 1;
    const hash = createHash('shake256', { outputLength: length });
    return new Uint8Array(hash.update(`${seed} ${calls}`).digest());
  };
}

const nativePrimitives = await createNativePrimitives();
/** Nothing is checkpointed until a test lets time pass or asks for it. */
const PATIENT: CheckpointPolicy = { maxEntries: 1_000_000, maxDelay: 200 };

/**
 * Founds a network of organisations, three unless others are named.
 *
 * @param options.seed - All randomness but that of sealing follows from it.
 * @param options.policy - Rules for checkpointing logs.
 * @param options.quotas - Quotas that differ from the defaults.
 * @param options.thresholds - Quorums of coordinators.
 * @param options.clock - Clock of all organisations; it stands at `BEGIN` if absent.
 * @param options.organisations - The hospital first, which founds it.
 * @param options.faulty - Number of them that may be faulty.
 * @param options.primitives - The native ones if absent.
 * @param options.cipher - The native one if absent, which remembers public keys.
 * @param options.further - The care contracts; none if absent.
 * @param options.controlled - Codes of controlled medicines; no list if absent.
 */
export async function startTestNetwork({
  seed = 'test network',
  policy = PATIENT,
  quotas = {},
  thresholds = { writes: 2, views: 2 },
  clock = new TestClock(BEGIN * 1000),
  organisations = ORGANISATIONS,
  faulty = 0,
  primitives = nativePrimitives,
  cipher = rememberingCipher,
  further = [],
  controlled,
}: {
  seed?: string;
  policy?: CheckpointPolicy;
  quotas?: Partial<Quotas>;
  thresholds?: Thresholds;
  clock?: TestClock;
  organisations?: readonly Organisation[];
  faulty?: number;
  primitives?: Primitives;
  cipher?: PayloadCipher;
  further?: readonly FurtherContract[];
  controlled?: readonly string[];
} = {}): Promise<TestNetwork> {
  const random = seededRandom(seed);
  const ports = { clock, random, primitives, cipher, createSha256: nativeSha256 };
  const failures: unknown[] = [];
  const founding: Founding = {
    format: FOLDER_FORMAT,
    networkId: `0x${Buffer.from(random(32)).toString('hex')}`,
    demo: true,
    chainId: 31_337,
    timestamp: BEGIN,
    channel: 'care',
    threshold: Math.floor(organisations.length / 2) + 1,
    faulty,
    thresholds,
    further,
    ...(controlled && { controlled }),
    organisations,
    urls: {},
  };
  const folders = new Map(organisations.map((name) => [name, memoryFolder()]));
  const keys = new Map<Organisation, OrganisationKeys>();
  const authorityKeys = new Map<Organisation, AccountKey>();
  for (const [name, { files }] of folders) {
    keys.set(name, await openOrganisationKeys(files, ports));
    authorityKeys.set(name, await openAuthorityKey(memoryFolder().files, ports));
  }
  const ledger = await openEmbeddedLedger({
    database: new MemoryLevel(),
    chainId: founding.chainId,
    genesis: { timestamp: BEGIN, senders: [...keys.values()].map((each) => each.sender.address) },
    clock,
    primitives,
  });
  const senders = new Map(
    [...keys].map(([name, each]) => {
      const { chainId } = founding;
      const secret = each.sender.signingKey;
      return [name, openSender({ provider: ledger, chainId, secret, primitives, clock })];
    }),
  );
  const identities = [...keys].map(([organisation, each]) =>
    identityOf(organisation, each, known(authorityKeys, organisation), false),
  );
  const sender = known(senders, 'hospital');
  let file = await foundNetwork(founding, identities, ledger, sender, primitives);

  const running = new Map<Organisation, RunningOrganisation>();
  const liars: TestNetwork['liars'] = {
    coordinator: new Map(),
    contributor: new Map(),
    authority: new Map(),
  };
  const authorities = new Map(organisations.map((name) => [name, authorityOf(name)]));
  const portsOf = (name: Organisation): PeerPorts => ({
    get coordinator() {
      return liars.coordinator.get(name) ?? known(running, name).coordinator;
    },
    get contributor() {
      return liars.contributor.get(name) ?? known(running, name).contributor;
    },
    get authority() {
      return liars.authority.get(name) ?? known(authorities, name);
    },
  });
  for (const name of organisations) await start(name);

  return {
    get file() {
      return file;
    },
    clock,
    ports,
    ledger,
    keys,
    senders,
    authorityKeys: [...authorityKeys.values()],
    failures,
    liars,
    services: (name = 'hospital') => known(running, name),
    agent: (name = 'hospital') => byCall(() => known(running, name).agent, { download: true }),
    authority: (name) => known(authorities, name),
    database: (organisation, name) => known(folders, organisation).databaseNow(name),
    async restart(name) {
      await known(running, name).stop();
      await known(running, name).close();
      await start(name);
    },
    async leave(name) {
      for (const each of running.values()) await each.stop();
      for (const each of running.values()) await each.close();
      const { channels } = file;
      const fingerprint = fingerprintOf(primitives, file);
      const staying = channels.map(({ coordinators, ...channel }) => ({
        ...channel,
        coordinators: coordinators.filter((each) => each.organisation !== name),
      }));
      const before = [{ fingerprint, until: seconds(clock), channels }];
      file = { ...file, channels: staying, before };
      running.delete(name);
      for (const each of running.keys()) await start(each);
    },
    tamper: (name, part, path, change) => known(folders, name).tamper(part, path, change),
    async lose(name, database, part = database) {
      await known(running, name).stop();
      await known(running, name).close();
      await known(folders, name).databaseNow(database).clear();
      known(folders, name).drop(part);
      await start(name);
    },
    async loseAll(name) {
      await known(running, name).stop();
      await known(running, name).close();
      known(folders, name).clear();
      await start(name);
    },
    party,
    save: async (name) => await known(folders, name).save(),
    async rollBack(name, saved, restored) {
      await known(running, name).stop();
      await known(running, name).close();
      await known(folders, name).load(saved);
      await start(name, restored);
    },
    async double(name, saved, restored) {
      const folder = memoryFolder();
      await folder.load(saved);
      return await openOrganisation(optionsOf(name, folder, restored));
    },
    async checkpoint(name = 'hospital') {
      await known(running, name).administrator.checkpoint();
      for (const other of organisations) {
        const { contributor } = known(running, other);
        await contributor.catchUp();
        await contributor.filesTried();
      }
    },
    async close() {
      await Promise.all([...running.values()].map(async (each) => await each.stop()));
      for (const each of running.values()) await each.close();
      await ledger.close();
    },
  };

  async function start(organisation: Organisation, restored?: Restored): Promise<void> {
    const options = optionsOf(organisation, known(folders, organisation), restored);
    running.set(organisation, await openOrganisation(options));
  }

  function optionsOf(
    organisation: Organisation,
    folder: OrganisationFolder,
    restored?: Restored,
  ): OrganisationOptions {
    const [channel] = file.channels;
    if (channel === undefined) throw new Error('no channel');
    return {
      organisation,
      network: file,
      channel,
      folder,
      keys: known(keys, organisation),
      ledger: loopback(ledger, {}),
      sender: known(senders, organisation),
      policy,
      quotas,
      peers: (receiver) =>
        loopbackPeer(portsOf(receiver), { network: file, caller: organisation, receiver }),
      ports,
      onFailure: (error) => failures.push(error),
      othersElsewhere: restored?.othersWentOn ?? true,
      ...(restored && { restored }),
      onRolledBack: async () => await Promise.resolve(),
    };
  }

  function authorityOf(organisation: Organisation): AuthorityPort {
    const index = new LedgerIndex({ provider: ledger, network: file, clock });
    const context = contextOf(ports, { network: file, organisation, index });
    return createAuthority(context, {
      key: known(authorityKeys, organisation),
      accepts: async () => await Promise.resolve(true),
      issued: memoryIssued(),
    });
  }

  async function party(role: Role, options: Partial<PartyAt> = {}): Promise<Party> {
    const { organisation = 'hospital', enrolled = true } = options;
    const opened = await openParty({
      ...ports,
      seed: options.seed ?? random(32),
      network: file,
      agent: options.agent ?? byCall(() => known(running, organisation).agent, { download: true }),
      log: `care/${organisation}`,
      device: options.device ?? memoryDevice(),
    });
    if (enrolled) await enrol(opened, { role, organisation });
    return opened;
  }
}

/** People in most tests: a patient at epoch 1, a doctor with every right, and one without rights. */
export interface Care {
  readonly patient: Party;
  readonly doctor: Party;
  readonly stranger: Party;
  readonly handle: `0x${string}`;
  /** The doctor's right. */
  readonly right: KnownGrant;
}

/** Default right of a test: everything, for an hour. */
export function everything(grantee: Party): RightGiven {
  return {
    grantee: grantee.address,
    categories: CATEGORIES,
    actions: ['read', 'add', 'amend'],
    purpose: 'TREAT',
    until: BEGIN + 3600,
  };
}

/** Enrols a patient and two doctors, and lets one of them do everything. */
export async function startCare(network: TestNetwork): Promise<Care> {
  const patient = await network.party('patient');
  const doctor = await network.party('doctor');
  const stranger = await network.party('doctor');
  await commitEpochs(patient, 3);
  const right = await grantRight(patient, everything(doctor));
  return { patient, doctor, stranger, handle: right.grant.handle, right };
}

/** A party at the same device, with other answers of its agent. */
export function behind(party: Party, answers: Partial<AgentPort>): Party {
  const { agent } = party;
  const changed = new Proxy(agent, {
    get: (target, name) => Reflect.get(answers, name) ?? Reflect.get(target, name),
  });
  return { ...party, agent: changed };
}

/** Calls whatever is there at the time of the call, behind the encoding transport. */
function byCall<Port extends object>(find: () => Port, streams: StreamsOf<Port>): Port {
  const target = new Proxy({} as Port, {
    get: (_, name) => {
      const port = find();
      const member: unknown = Reflect.get(port, name, port);
      return typeof member === 'function' ? member.bind(port) : member;
    },
  });
  return loopback(target, streams);
}

const BINARY = { keyEncoding: 'view', valueEncoding: 'view' } as const;

/** A folder in memory that outlives the services over it. */
function memoryFolder(): OrganisationFolder & {
  databaseNow(name: string): ServiceDatabase;
  drop(part: string): void;
  clear(): void;
  save(): Promise<SavedFolder>;
  load(saved: SavedFolder): Promise<void>;
  tamper(part: string, path: string, change: (bytes: Uint8Array) => Uint8Array): void;
} {
  const files = memoryFiles();
  const parts = new Map<string, ReturnType<typeof memoryFiles>>();
  const databases = new Map<string, ServiceDatabase>();
  const databaseNow = (name: string): ServiceDatabase => {
    const database = databases.get(name) ?? new MemoryLevel();
    // A database on disk would be opened again with what it holds.
    database.close = async () => await Promise.resolve();
    databases.set(name, database);
    return database;
  };
  return {
    files,
    part: async (name) => {
      const part = parts.get(name) ?? memoryFiles();
      parts.set(name, part);
      return await Promise.resolve(part);
    },
    database: async (name) => await Promise.resolve(databaseNow(name)),
    databaseNow,
    tamper: (part, path, change) => known(parts, part).tamper(path, change),
    drop: (part) => void parts.delete(part),
    async save() {
      const saved = new Map<string, [Uint8Array, Uint8Array][]>();
      for (const [name, database] of databases) {
        saved.set(name, await database.iterator<Uint8Array, Uint8Array>(BINARY).all());
      }
      return saved;
    },
    async load(saved) {
      databases.clear();
      for (const [name, rows] of saved) {
        const puts = rows.map(([key, value]) => ({ type: 'put' as const, key, value }));
        await databaseNow(name).batch<Uint8Array, Uint8Array>(puts, BINARY);
      }
    },
    clear() {
      parts.clear();
      databases.clear();
    },
  };
}

function known<Value>(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new Error(`there is no ${name}`);
  return value;
}
