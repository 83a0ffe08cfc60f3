// Over 400 lines: one value composes an organisation, whose services refer to each other.
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { createNoteKey } from '../crypto/note/NoteKey.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import type { Sender } from '../ledger/openSender.ts';
import { encryptBodies } from '../log/encryptBodies.ts';
import type { EvidenceLog } from '../log/EvidenceLog.ts';
import type { PlacedCheckpoint } from '../protocol/evidence/evidence.ts';
import { openEvidenceLog } from '../log/openEvidenceLog.ts';
import { seconds } from '../protocol/Clock.ts';
import { signPortal, type PortalPin } from '../protocol/portal/portalStatement.ts';
import { contextOf } from './contextOf.ts';
import type { LogName, Organisation } from '../protocol/ids.ts';
import type { Channel, NetworkFile } from '../protocol/network/NetworkFile.ts';
import { checkedPeer } from '../peers/checkedPeer.ts';
import { createAgent, type Agent } from '../services/agent/createAgent.ts';
import { keepStatement } from '../services/agent/keepStatement.ts';
import { DEFAULT_QUOTAS, type Quotas } from '../services/agent/Quotas.ts';
import {
  createAdministrator,
  type Administrator,
} from '../services/administrator/createAdministrator.ts';
import type { CheckpointPolicy } from '../services/administrator/createCheckpointer.ts';
import { createContributor, type Contributor } from '../services/contributor/createContributor.ts';
import { judgedBody } from '../services/coordinator/judgedBody.ts';
import type { OwnShares } from '../services/coordinator/CoordinatorOptions.ts';
import { GuardedFiles } from '../services/coordinator/GuardedFiles.ts';
import { createCoordinator, type Coordinator } from '../services/coordinator/createCoordinator.ts';
import { requireNoneLost } from '../services/coordinator/repairLists.ts';
import {
  createRejoining,
  type Rejoining,
  type RejoiningOptions,
} from '../services/rejoining/createRejoining.ts';
import type { MedsealError } from '../errors/MedsealError.ts';
import { DepositStore } from '../services/deposits/DepositStore.ts';
import { EnrolmentAnswers } from '../services/enrolment/EnrolmentAnswers.ts';
import { LedgerIndex } from '../services/LedgerIndex.ts';
import { LetterStore } from '../services/letters/LetterStore.ts';
import type { PeerPorts } from '../services/peers/peerCalls.ts';
import { shareNext } from '../services/shareNext.ts';
import { noSuccession, type Succession } from '../services/succession/Succession.ts';
import { refuseWhile } from '../services/refuseWhile.ts';
import type { ServiceDatabase } from '../database/synced.ts';
import { openVault } from '../vault/openVault.ts';
import { inFolder, type OpenStore } from '../vault/storeOpener.ts';
import type { Vault } from '../vault/Vault.ts';
import { createPartyAccounts } from '../http/limits/createPartyAccounts.ts';
import type { OrganisationFolder } from '../folder/OrganisationFolder.ts';
import type { OrganisationKeys } from '../folder/organisationKeys.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import { repeatedly } from './repeatedly.ts';

/** The most bytes that one sealed file may have. */
const FILE_QUOTA = 8 * 2 ** 30;
/** Interval at which an organisation catches up with its peers, milliseconds. */
const CATCH_UP_EVERY = 30_000;
/** Interval at which files whose lease has ended are deleted, milliseconds. */
const COLLECT_EVERY = 600_000;
/** Interval at which every log and sealed file is examined, milliseconds. */
const REPAIR_EVERY = 24 * 3_600_000;
/** Calls that a coordinator answers even if a restore or a rollback may have made it forget what it signed. */
const UNLEARNT: ReadonlySet<keyof Coordinator> = new Set([
  'lastSigned',
  'shown',
  'judged',
  'adopt',
  'attest',
  'awaitedCheckpoints',
  'requireOpen',
  'closedLogs',
  'tally',
]);

/** Returns the ports through which an organisation's services reach those of an organisation, their own among them. */
export type Peers = (organisation: Organisation) => PeerPorts;

/** Options of `openOrganisation`. */
export interface OrganisationOptions {
  readonly organisation: Organisation;
  readonly network: NetworkFile;
  readonly channel: Channel;
  readonly folder: OrganisationFolder;
  readonly keys: OrganisationKeys;
  /** Its shares of the channel's release keys; absent if it has none that the network file names. */
  readonly shares?: OwnShares | undefined;
  readonly ledger: LedgerProvider;
  /** The ledger for those who read it at the agent; the same connection if absent. */
  readonly readers?: LedgerProvider;
  readonly sender: Sender;
  readonly policy: CheckpointPolicy;
  /** Quotas that differ from the defaults. */
  readonly quotas?: Partial<Quotas>;
  /** The most bytes that one sealed file may have; 8 GiB unless given. */
  readonly fileBytes?: number;
  /** Makes the store of sealed files; in its folder if absent. */
  readonly openStore?: OpenStore;
  /** Returns the error to throw while the disk is full; undefined while there is room. */
  readonly full?: () => MedsealError | undefined;
  readonly peers: Peers;
  readonly ports: NodePorts;
  /** Called with failures in the background. */
  readonly onFailure: (error: unknown) => void;
  /** True if others are in other processes, which go on while this one is stopped. */
  readonly othersElsewhere: boolean;
  /** Time when it was restored from a backup; absent once it has caught up. */
  readonly restored?: { readonly restoredAt: number };
  /** Notes durably that its folder was rolled back by other means. */
  readonly onRolledBack: RejoiningOptions['onRolledBack'];
  /** The portal that its agent serves; none if absent. */
  readonly portal?: PortalPin | undefined;
  /** The network file's successors; none if absent. */
  readonly succession?: Succession;
}

/** An organisation's running services. */
export interface RunningOrganisation {
  readonly agent: Agent;
  readonly coordinator: Coordinator;
  readonly contributor: Contributor;
  readonly administrator: Administrator;
  /** Last answers of the authority's members to applications at its agent. */
  readonly enrolments: EnrolmentAnswers;
  /** Its account on the ledger. */
  readonly sender: Sender;
  /** Its own log and its copies of the others. */
  readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  readonly vault: Vault;
  /** Its own view of the ledger. */
  readonly index: LedgerIndex;
  /** Catches up if it was restored or rolled back. Until then it answers nothing. */
  readonly rejoining: Rejoining;
  /** Begins nothing new, and resolves when work that was begun has ended, at the peers too. */
  stop(): Promise<void>;
  /** Closes every store; once all organisations have stopped. */
  close(): Promise<void>;
}

/**
 * Composes an organisation's services over its folder.
 *
 * @param options - Folder, keys, ledger, peers, ports.
 */
export async function openOrganisation(options: OrganisationOptions): Promise<RunningOrganisation> {
  const opened: Closable[] = [];
  try {
    return await compose(options, opened);
  } catch (error) {
    await closeAll(opened).catch(options.onFailure);
    throw error;
  }
}

/** Open stores; all are closed with the organisation, or if it cannot be opened. */
interface Closable {
  close(): Promise<unknown>;
}

/** The last opened first: a log ends its appends before its database goes. */
async function closeAll(opened: readonly Closable[]): Promise<void> {
  const failures: unknown[] = [];
  for (const each of opened.toReversed()) {
    await each.close().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw toMedsealError(failures[0]);
}

/** Tells whether every submission ends a right; its form is not trusted. */
function areEnds(submissions: unknown): boolean {
  return (
    Array.isArray(submissions) &&
    submissions.every((each: { readonly request?: { readonly type?: unknown } } | null) => {
      return each?.request?.type === 'Revoke';
    })
  );
}

/** Tells whether a deposit is a state of a patient's devices; its form is not trusted. */
function isOfState(deposit: unknown): boolean {
  return typeof deposit === 'object' && deposit !== null && 'patient' in deposit;
}

/** Tells whether a call begins something new that takes up room; ends of rights cannot wait for it. */
function takesRoom(name: keyof Agent, [first]: readonly unknown[]): boolean {
  return name === 'submit' ? !areEnds(first) : ['upload', 'send', 'apply'].includes(name);
}

async function compose(
  options: OrganisationOptions,
  opened: Closable[],
): Promise<RunningOrganisation> {
  const { organisation, network, channel, folder, keys, ports } = options;
  const { clock, primitives } = ports;
  const index = new LedgerIndex({
    provider: options.ledger,
    network,
    clock,
  });
  const context = contextOf(ports, { network, organisation, index });
  const peers: Peers = (receiver) => {
    const peer = checkedPeer(options.peers(receiver));
    return receiver === organisation ? peer : context.circuits.guard(receiver, peer);
  };
  const bodies = encryptBodies({
    storageKey: keys.storage,
    random: ports.random,
    primitives,
  });
  const logs = new Map<LogName, EvidenceLog>();
  for (const identity of channel.logs) {
    const database = await databaseOf(`logs/${identity.organisation}`);
    const path = `${folder.files.path}/logs/${identity.organisation}`;
    const each = await openEvidenceLog({ identity, database, primitives, bodies, path });
    opened.push(each);
    logs.set(identity.name, each);
  }
  const log = [...logs.values()].find((each) => each.identity.organisation === organisation);
  if (log === undefined) throw new Error(`the channel has no log of ${organisation}`);
  const { full = () => undefined, openStore = inFolder } = options;
  const stored = await openVault({
    store: openStore(organisation, await folder.part('vault'), network.networkId),
    onFailure: options.onFailure,
    database: await databaseOf('vault-index'),
    quota: options.fileBytes ?? FILE_QUOTA,
    createSha256: ports.createSha256,
    primitives: ports.primitives,
  });
  opened.push(stored);
  const vault = refuseWhile(stored, full, {
    streams: { get: true },
    refuses: (name) => name === 'put' || name === 'putSmall',
    midway: true,
  });
  const deposits = new DepositStore({ ...ports, database: await databaseOf('kept'), bodies });
  const letters = new LetterStore(await databaseOf('letters'));
  const others = channel.coordinators.map((member) => member.organisation);
  const judgements = await databaseOf('coordinator');
  const contributor = createContributor(context, {
    channel,
    logs,
    vault,
    deposits,
    letters,
    key: keys.coordinator,
    database: await databaseOf('contributor'),
    contributorOf: (other) => peers(other).contributor,
    judged: async (entry) => await judgedBody(judgements, bodies, entry),
    onFault: options.onFailure,
    onFailure: options.onFailure,
  });
  const quotas = { ...DEFAULT_QUOTAS, ...options.quotas };
  const guarded =
    channel.release &&
    new GuardedFiles({
      network,
      vault,
      primitives,
      obtain: async (file) => await contributor.obtain(file),
      mend: async (file) => await contributor.mend(file),
    });
  const elsewhere = others.filter((name) => name !== organisation);
  const coordinator = createCoordinator(context, {
    database: judgements,
    bodies,
    key: keys.coordinator,
    logs,
    deposits,
    contributor,
    others: new Map(elsewhere.map((name) => [name, peers(name).coordinator])),
    shares: options.shares,
    cipher: options.ports.cipher,
    guarded,
    releasesPerMinute: quotas.releases,
    onFault: options.onFailure,
  });
  const coordinators = others.map((other) => peers(other).coordinator);
  const noticing = new Set<Promise<unknown>>();
  let newest: PlacedCheckpoint | undefined;
  const tellers = others
    .filter((name) => name !== organisation)
    .map((name) => {
      const { contributor: peer } = peers(name);
      return shareNext(async () => {
        if (newest !== undefined) await peer.notice(newest);
      });
    });
  const noteKey = createNoteKey(log.identity.origin, keys.note);
  const requireOpen = async (): Promise<void> => await coordinator.requireOpen(log.identity.name);
  const administrator = createAdministrator(context, {
    log,
    requireOpen,
    noteKey,
    sender: options.sender,
    policy: options.policy,
    coordinators,
    others: elsewhere.map((name) => peers(name).coordinator),
    onCheckpointed: (placed) => tellPeers(placed),
    onFailure: options.onFailure,
  });
  const { portal } = options;
  const enrolments = new EnrolmentAnswers();
  const agent = createAgent(context, {
    cameToNothing: coordinator.cameToNothing,
    log,
    logs,
    vault,
    contributor,
    deposits,
    administrator,
    requireOpen,
    ledger: options.readers ?? options.ledger,
    sender: options.sender,
    coordinators,
    contributors: new Map(others.map((other) => [other, peers(other).contributor])),
    authority: new Map(
      network.authority.members.map((member) => [
        member.organisation,
        peers(member.organisation).authority,
      ]),
    ),
    enrolments,
    quotas,
    accounts: createPartyAccounts(clock),
    succession: options.succession ?? noSuccession(network),
    statePortal:
      portal && keepStatement((at) => signPortal(primitives, noteKey, portal, at), clock),
    onFailure: options.onFailure,
  });

  const chores = (
    [
      [CATCH_UP_EVERY, async () => await contributor.catchUp()],
      [COLLECT_EVERY, async () => await contributor.releaseSurplus()],
      [COLLECT_EVERY, async () => await vault.collect(seconds(clock))],
      [COLLECT_EVERY, async () => await letters.collect(seconds(clock))],
      [COLLECT_EVERY, collect],
      [REPAIR_EVERY, async () => await contributor.repair()],
      [CATCH_UP_EVERY, async () => await coordinator.copyLists()],
      [REPAIR_EVERY, async () => requireNoneLost(await coordinator.repairLists())],
    ] as const
  ).map(([every, work]) => repeatedly(clock, every, work, options.onFailure));

  const rejoining = createRejoining(context, {
    ...options.restored,
    othersWentOn: options.othersElsewhere,
    logs,
    coordinator,
    contributor,
    others: new Map(elsewhere.map((name) => [name, peers(name).coordinator])),
    copiers: new Map(elsewhere.map((name) => [name, peers(name).contributor])),
    judged: { database: judgements, address: keys.coordinator.address, bodies },
    onRolledBack: options.onRolledBack,
  });
  const unlearnt = (): MedsealError | undefined =>
    rejoining.learnt ? undefined : rejoining.failure;
  const bound = (): MedsealError | undefined => (rejoining.done ? undefined : rejoining.failure);
  const judging = refuseWhile(coordinator, () => bound() ?? full(), {
    streams: {},
    refuses: (name) => name === 'judge',
  });
  // Any two quorums share one organisation that knows the newest state, so one that may have forgotten it must be in
  // none.
  const keeping = refuseWhile(contributor, unlearnt, {
    streams: { file: true },
    refuses: (name, [first]) => name === 'state' || (name === 'keep' && isOfState(first)),
  });
  const { sender } = options;
  const services = {
    contributor: keeping,
    administrator,
    enrolments,
    sender,
    logs,
    vault,
    index,
    stop,
    close,
  };
  const streams = { download: true } as const;
  const roomy = refuseWhile(agent, full, { streams, refuses: takesRoom, midway: true });
  return {
    ...services,
    agent: refuseWhile(roomy, unlearnt, { streams, refuses: (name) => name !== 'stop' }),
    coordinator: refuseWhile(judging, unlearnt, {
      streams: {},
      refuses: (name) => !UNLEARNT.has(name),
    }),
    rejoining,
  };

  /** One that may have forgotten what it signed ends no log. */
  async function collect(): Promise<void> {
    if (rejoining.learnt) await coordinator.collect(seconds(clock));
  }

  /** Tells peers of a checkpoint. A slow peer gets the newest one once it has got the one before. */
  function tellPeers(placed: PlacedCheckpoint): void {
    newest = placed;
    for (const tell of tellers) {
      const notice = tell().catch((error: unknown) => {
        // An organisation that closes catches up when it is opened again.
        if (!isMedsealError(error, 'CLOSED')) options.onFailure(error);
      });
      noticing.add(notice);
      void notice.finally(() => noticing.delete(notice));
    }
  }

  async function stop(): Promise<void> {
    agent.stop();
    await administrator.close();
    await contributor.stop();
    await Promise.all([...noticing, ...chores.map(async (end) => await end())]);
  }

  async function close(): Promise<void> {
    await closeAll(opened);
  }

  async function databaseOf(name: string): Promise<ServiceDatabase> {
    const database = await folder.database(name);
    opened.push(database);
    return database;
  }
}
