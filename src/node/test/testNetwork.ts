// Over 400 lines: one value composes a whole network, whose parts refer to each other.

import { bytesToHex } from '../../crypto/bytes.ts';
import { notePublicKey, verifierKeyOf } from '../../crypto/note/NoteKey.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import type { DeviceStore } from '../../client/party/DeviceStore.ts';
import { enrol } from '../../client/party/enrol.ts';
import { grantRight, type RightGiven } from '../../client/rights/grantRight.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import type { KnownGrant } from '../../client/state/PatientState.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { PayloadCipher } from '../../crypto/sealing/PayloadCipher.ts';
import { openEmbeddedLedger, type EmbeddedLedger } from '../../ledger/openEmbeddedLedger.ts';
import { openSender, type Sender } from '../../ledger/openSender.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';

import type { AgentPort } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import { contextOf } from '../contextOf.ts';
import { dealShares, type DealtKey } from '../founding/dealShares.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { Channel, NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { releaseKeysOf } from '../../protocol/release/releaseKeyOf.ts';
import { releasesIn, withReleases } from '../../protocol/release/releasesIn.ts';
import { CATEGORIES, type Role } from '../../protocol/vocabulary.ts';
import type { PushSettings } from '../push/createPushPort.ts';
import type { Quotas } from '../../services/agent/Quotas.ts';
import type { CheckpointPolicy } from '../../services/administrator/createCheckpointer.ts';
import { createAuthority } from '../../services/enrolment/createAuthority.ts';
import { dealAgain } from './dealAgain.ts';
import { memoryFolder, type SavedFolder } from './memoryFolder.ts';
import { rememberingCipher } from './rememberingCipher.ts';
import { rememberingPrimitives } from './rememberingPrimitives.ts';
import { SimulatedDevice } from '../../../proof/simulation/SimulatedDevice.ts';
import {
  BEGIN,
  copyTestBase,
  foundTestBase,
  genesisOf,
  seededRandom,
  type TestBase,
  type TestPerson,
  type TestShape,
} from './TestBase.ts';
import { LedgerIndex } from '../../services/LedgerIndex.ts';
import type { StreamsOf } from '../../services/intercept.ts';
import type { PeerPorts } from '../../services/peers/peerCalls.ts';
import type { AuthorityPort, ContributorPort, CoordinatorPort } from '../../services/ports.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { loopback } from '../../peers/loopback.ts';
import { nativeSha256 } from '../../folder/nativeSha256.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import {
  openOrganisation,
  type OrganisationOptions,
  type RunningOrganisation,
} from '../openOrganisation.ts';
import type { OpenStore } from '../../vault/storeOpener.ts';
import type { AccountKey, OrganisationKeys } from '../../folder/organisationKeys.ts';
import type { OrganisationFolder } from '../../folder/OrganisationFolder.ts';
import { loopbackPeer } from '../../peers/loopbackPeer.ts';

export const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'] as const;
export { BEGIN, seededRandom } from './TestBase.ts';

/** A consortium in memory whose time stands still, and whose parts a test can remove or replace. */
export interface TestNetwork {
  readonly file: NetworkFile;
  readonly clock: TestClock;
  readonly ports: NodePorts;
  readonly ledger: EmbeddedLedger;
  readonly keys: ReadonlyMap<Organisation, OrganisationKeys>;
  readonly senders: ReadonlyMap<Organisation, Sender>;
  readonly authorityKeys: readonly AccountKey[];
  /** Each organisation's share of the present release key, 32 bytes; empty if there is no such key. */
  readonly shares: ReadonlyMap<Organisation, Uint8Array>;
  /** Failures in the background. */
  readonly failures: unknown[];
  /** Peers that lie, by organisation: they answer in place of the real ones. */
  readonly liars: {
    readonly coordinator: Map<Organisation, CoordinatorPort>;
    readonly contributor: Map<Organisation, ContributorPort>;
    readonly authority: Map<Organisation, AuthorityPort>;
  };
  /** By organisation, since when its operator says that no backup is left, Unix seconds. */
  readonly backupsEnded: Map<Organisation, number>;
  services(organisation?: Organisation): RunningOrganisation;
  agent(organisation?: Organisation): AgentPort;
  authority(organisation: Organisation): AuthorityPort;
  database(organisation: Organisation, name: string): ServiceDatabase;
  /** Closes an organisation's services and composes them again over the same folder. */
  restart(organisation: Organisation): Promise<void>;
  /** Has an organisation leave now: the others go on under a network file without its coordinator. */
  leave(organisation: Organisation): Promise<void>;
  /** Gives an organisation's log another key: all go on under a network file that says so. */
  changeLogKey(organisation: Organisation): Promise<void>;
  /** Deals the shares of the release key again, or another key that follows it: all go on under a network file that says so. */
  dealKey(dealt: 'again' | 'another'): Promise<void>;
  /**
   * Has an organisation leave those who have shares of the present key, or join them: the others deal its shares again. It goes on as
   * a coordinator that judges.
   */
  dealWith(change: 'leaves' | 'joins', organisation: Organisation): Promise<void>;
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

/** Nothing is checkpointed until a test lets time pass or asks for it. */
const PATIENT: CheckpointPolicy = { maxEntries: 1_000_000, maxDelay: 200 };

/** Name of the chain in a network file that says that validators hold the ledger. */
const CHAIN = `medseal-${'5a'.repeat(16)}`;
/** Bases by what they were made with: each is made once in a process, and copied for every network. */
const bases = new Map<string, Promise<TestBase>>();
/** People who were there when their network began, until a test asks for them. */
const waiting = new WeakMap<TestNetwork, Care>();

/** Options of a test network. */
export interface TestNetworkOptions extends Partial<TestShape> {
  /** True if the people of `startCare` are there when it begins. */
  readonly cared?: boolean;
  /** Rules for checkpointing logs. */
  readonly policy?: CheckpointPolicy;
  /** Quotas that differ from the defaults. */
  readonly quotas?: Partial<Quotas>;
  /**
   * Seconds by which the network file bounds the age of the newest block, as if validators held the ledger. The ledger still
   * makes blocks for transactions alone, so that time passes without any.
   */
  readonly maxAge?: number;
  /** Push services that its organisations may call; they tell no browser of news if absent. */
  readonly push?: PushSettings;
  /** Clock of all organisations; it stands at `BEGIN` if absent. */
  readonly clock?: TestClock;
  /** The native ones if absent, which remember signers. */
  readonly primitives?: Primitives;
  /** The native one if absent, which remembers public keys. */
  readonly cipher?: PayloadCipher;
  /** Makes each organisation's store of large sealed files; in its folder if absent. */
  readonly openStore?: OpenStore;
}

/**
 * Starts a network of organisations, three unless others are named. Networks that are founded alike, with the same seed
 * among others, are copies of one that was founded once in the process.
 *
 * @param options - They differ from the defaults; those that are not named are these.
 */
export async function startTestNetwork(options: TestNetworkOptions = {}): Promise<TestNetwork> {
  const { clock, primitives = rememberingPrimitives } = options;
  // A clock of its own may run: what follows from the time then differs from network to network.
  const base =
    clock === undefined
      ? await copyTestBase(await baseOf(options))
      : await foundTestBase(shapeOf(options), primitives, clock);
  const { network } = await open(base, options);
  if (base.people !== undefined) waiting.set(network, await peopleOf(network, base.people));
  return network;
}

function shapeOf({
  seed = 'test network',
  organisations = ORGANISATIONS,
  faulty = 0,
  thresholds = { writes: 2, views: 2 },
  further = [],
  controlled,
  copies,
  numbers,
  guarded,
  claims,
}: Partial<TestShape>): TestShape {
  const terms = { further, controlled, copies, numbers, guarded, claims };
  return { seed, organisations, faulty, thresholds, ...terms };
}

async function baseOf(options: TestNetworkOptions): Promise<TestBase> {
  const { cared = false, policy, quotas } = options;
  const shape = shapeOf(options);
  const name = JSON.stringify(cared ? [shape, policy, quotas] : [shape]);
  const base =
    bases.get(name) ?? (cared ? baseOfCare() : foundTestBase(shape, rememberingPrimitives));
  bases.set(name, base);
  return await base;

  async function baseOfCare(): Promise<TestBase> {
    const founded = await copyTestBase(await baseOf(shape));
    const { network, stopped } = await open(founded, {
      ...(policy && { policy }),
      ...(quotas && { quotas }),
    });
    const { patient, doctor, stranger, right } = await startCare(network);
    const { failures } = network;
    const after = await stopped();
    if (failures.length > 0) throw failures[0];
    const people = { patient: kept(patient), doctor: kept(doctor), stranger: kept(stranger) };
    return { ...after, people: { ...people, right } };
  }
}

function kept({ keys, device }: Party): TestPerson {
  if (!(device instanceof SimulatedDevice)) throw new Error('the device cannot be copied');
  return { seed: keys.seed(), device };
}

async function peopleOf(
  network: TestNetwork,
  { patient, doctor, stranger, right }: NonNullable<TestBase['people']>,
): Promise<Care> {
  const at = async (role: Role, { seed, device }: TestPerson): Promise<Party> =>
    await network.party(role, { seed: seed.slice(), device: device.copy(), enrolled: false });
  return {
    patient: await at('patient', patient),
    doctor: await at('doctor', doctor),
    stranger: await at('doctor', stranger),
    handle: right.grant.handle,
    right: structuredClone(right),
  };
}

/** Has the organisations of a base run; stopped, they are a base again. */
async function open(
  base: TestBase,
  {
    seed = 'test network',
    policy = PATIENT,
    quotas = {},
    clock = new TestClock(BEGIN * 1000),
    primitives = rememberingPrimitives,
    cipher = rememberingCipher,
    openStore,
    maxAge,
    push,
  }: TestNetworkOptions,
): Promise<{ readonly network: TestNetwork; readonly stopped: () => Promise<TestBase> }> {
  const { keys, folders, authorityKeys, issued, chain, drawn } = base;
  let { file } = base;
  if (maxAge !== undefined) file = { ...file, ledger: { ...file.ledger, chain: CHAIN, maxAge } };
  /** The release keys with their shares: the present one, then those of before, newest first. */
  let dealt: readonly DealtKey[] = dealtIn(base);
  const random = seededRandom(seed, drawn);
  const ports = {
    clock,
    random,
    primitives,
    cipher,
    createSha256: nativeSha256,
  };
  const failures: unknown[] = [];
  const organisations = [...keys.keys()];
  const { chainId } = file.ledger;
  const ledger = await openEmbeddedLedger({
    database: chain,
    chainId,
    genesis: genesisOf(keys),
    clock,
    primitives,
  });
  const senders = new Map(
    [...keys].map(([name, each]) => {
      const secret = each.sender.signingKey;
      return [name, openSender({ provider: ledger, chainId, secret, primitives, clock })];
    }),
  );

  const running = new Map<Organisation, RunningOrganisation>();
  /** Later keys of logs, by organisation. */
  const noteSeeds = new Map<Organisation, Uint8Array>();
  const backupsEnded: TestNetwork['backupsEnded'] = new Map();
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

  const network: TestNetwork = {
    get file() {
      return file;
    },
    clock,
    ports,
    ledger,
    keys,
    senders,
    authorityKeys: [...authorityKeys.values()],
    get shares() {
      return dealt[0]?.secrets ?? new Map<Organisation, Uint8Array>();
    },
    failures,
    liars,
    backupsEnded,
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
      await changeFile(({ coordinators, ...channel }) => ({
        ...channel,
        coordinators: coordinators.filter((each) => each.organisation !== name),
      }));
      running.delete(name);
      for (const each of running.keys()) await start(each);
    },
    async changeLogKey(name) {
      const seed = random(32);
      await changeFile((channel) => ({
        ...channel,
        logs: channel.logs.map((log) =>
          log.organisation === name
            ? { ...log, key: verifierKeyOf(log.origin, notePublicKey(seed)) }
            : log,
        ),
      }));
      noteSeeds.set(name, seed);
      for (const each of running.keys()) await start(each);
    },
    async dealKey(which) {
      const [present, ...former] = dealt;
      if (present === undefined) throw new Error('there is no release key');
      const { group } = primitives;
      dealt =
        which === 'again'
          ? [dealAgain(group, present, random), ...former]
          : [dealShares(group, organisations, present.release.threshold, random), ...dealt];
      const releases = dealt.map(({ release }) => release);
      await changeFile((channel) => withReleases(channel, releases));
      for (const each of running.keys()) await start(each);
    },
    async dealWith(change, name) {
      const [present, ...former] = dealt;
      if (present === undefined) throw new Error('there is no release key');
      const indices = new Map(organisations.map((each, place) => [each, place + 1]));
      if (change === 'leaves') indices.delete(name);
      dealt = [dealAgain(primitives.group, present, random, indices), ...former];
      const releases = dealt.map(({ release }) => release);
      await changeFile((channel) => withReleases(channel, releases));
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
      return await openOrganisation(await optionsOf(name, folder, restored));
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
  return {
    network,
    async stopped() {
      await Promise.all([...running.values()].map(async (each) => await each.stop()));
      const after = await copyTestBase({ ...base, file });
      await network.close();
      return after;
    },
  };

  /** Stops all, and changes the network file for a successor. */
  async function changeFile(change: (channel: Channel) => Channel): Promise<void> {
    for (const each of running.values()) await each.stop();
    for (const each of running.values()) await each.close();
    const { channels, before = [] } = file;
    const fingerprint = fingerprintOf(primitives, file);
    const former = { fingerprint, until: seconds(clock), channels };
    file = { ...file, channels: channels.map(change), before: [...before, former] };
  }

  async function start(organisation: Organisation, restored?: Restored): Promise<void> {
    const options = await optionsOf(organisation, known(folders, organisation), restored);
    running.set(organisation, await openOrganisation(options));
  }

  async function optionsOf(
    organisation: Organisation,
    folder: OrganisationFolder,
    restored?: Restored,
  ): Promise<OrganisationOptions> {
    const [channel] = file.channels;
    if (channel === undefined) throw new Error('no channel');
    const [log] = channel.logs;
    const shares = new Map(
      (log === undefined ? [] : releaseKeysOf(file, log.name)).flatMap(({ id }, place) => {
        const secret = dealt[place]?.secrets.get(organisation);
        return secret === undefined ? [] : [[bytesToHex(id), secret] as const];
      }),
    );
    return {
      organisation,
      network: file,
      channel,
      folder,
      keys: {
        ...known(keys, organisation),
        note: noteSeeds.get(organisation) ?? known(keys, organisation).note,
      },
      ...(shares.size > 0 && { shares }),
      ledger: loopback(ledger, {}),
      index: new LedgerIndex({ provider: loopback(ledger, {}), network: file, clock }),
      sender: known(senders, organisation),
      policy,
      quotas,
      push,
      peers: (receiver) =>
        loopbackPeer(portsOf(receiver), { network: file, caller: organisation, receiver }),
      ports,
      onFailure: (error) => failures.push(error),
      othersElsewhere: restored?.othersWentOn ?? true,
      ...(openStore && { openStore }),
      ...(restored && { restored }),
      backupsEnded: async (at) => await Promise.resolve(endedAfter(organisation, at)),
      onRolledBack: async () => await Promise.resolve(),
    };
  }

  function endedAfter(organisation: Organisation, at: number): number | undefined {
    const ended = backupsEnded.get(organisation) ?? 0;
    return ended > at ? ended : undefined;
  }

  function authorityOf(organisation: Organisation): AuthorityPort {
    const index = new LedgerIndex({ provider: ledger, network: file, clock });
    const context = contextOf(ports, { network: file, organisation, index });
    return createAuthority(context, {
      key: known(authorityKeys, organisation),
      accepts: async () => await Promise.resolve(true),
      issued: known(issued, organisation),
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
      device: options.device ?? new SimulatedDevice(),
    });
    if (enrolled) await enrol(opened, { role, organisation });
    return opened;
  }
}

/** The release key that a network was founded with. */
function dealtIn({ file, shares: secrets }: TestBase): readonly DealtKey[] {
  return file.channels.flatMap(releasesIn).map((release) => ({ release, secrets }));
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

/** Enrols a patient and two doctors, and lets one of them do everything; the first are there if the network began so. */
export async function startCare(network: TestNetwork): Promise<Care> {
  const there = waiting.get(network);
  waiting.delete(network);
  if (there !== undefined) return there;
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

function known<Value>(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new Error(`there is no ${name}`);
  return value;
}
