import type { MandateEnd } from '../services/deposits/learnMandates.ts';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { createNoteKey } from '../crypto/note/NoteKey.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import type { Sender } from '../ledger/openSender.ts';
import type { EvidenceLog } from '../log/EvidenceLog.ts';
import { seconds } from '../protocol/Clock.ts';
import { signPortal, type PortalPin } from '../protocol/portal/portalStatement.ts';
import { contextOf } from './contextOf.ts';
import type { Bytes32, LogName, Organisation } from '../protocol/ids.ts';
import { checkedPeer } from '../peers/checkedPeer.ts';
import { createAgent, type Agent } from '../services/agent/createAgent.ts';
import { keepStatement } from '../services/agent/keepStatement.ts';
import { DEFAULT_QUOTAS, type Quotas } from '../services/agent/Quotas.ts';
import {
  createAdministrator,
  type Administrator,
} from '../services/administrator/createAdministrator.ts';
import type { CheckpointPolicy } from '../services/administrator/createCheckpointer.ts';
import { createEndCarrier } from '../services/administrator/createEndCarrier.ts';
import { createRecoveryFinisher } from '../services/administrator/createRecoveryFinisher.ts';
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
import { EnrolmentAnswers } from '../services/enrolment/EnrolmentAnswers.ts';
import type { LedgerIndex } from '../services/LedgerIndex.ts';
import { createPushes, type Pushes } from '../services/push/createPushes.ts';
import type { PeerPorts } from '../services/peers/peerCalls.ts';
import { noSuccession, type Succession } from '../services/succession/Succession.ts';
import type { Vault } from '../vault/Vault.ts';
import { createPartyAccounts } from '../http/limits/createPartyAccounts.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import { createPushPort, type PushSettings } from './push/createPushPort.ts';
import { repeatedly } from './repeatedly.ts';
import {
  openStores,
  type Closable,
  type OrganisationStores,
  type StoresOptions,
} from './organisation/openStores.ts';
import { refuseUnready } from './organisation/refuseUnready.ts';
import { tellPeers, type PeerTeller } from './organisation/tellPeers.ts';

/** Interval at which an organisation catches up with its peers, milliseconds. */
const CATCH_UP_EVERY = 30_000;
/** Interval at which ends of rights that wait for the ledger are sent to it, milliseconds. */
const CARRY_EVERY = 5000;
/** Interval at which files whose lease has ended are deleted, milliseconds. */
const COLLECT_EVERY = 600_000;
/** Interval at which every log and sealed file is examined, milliseconds. */
const REPAIR_EVERY = 24 * 3_600_000;
/** Returns the ports through which an organisation's services reach those of an organisation, their own among them. */
export type Peers = (organisation: Organisation) => PeerPorts;

/** Options of `openOrganisation`. */
export interface OrganisationOptions extends StoresOptions {
  /** Its shares of the channel's release keys; absent if it has none that the network file names. */
  readonly shares?: OwnShares | undefined;
  readonly ledger: LedgerProvider;
  /** The node's view of that ledger. */
  readonly index: LedgerIndex;
  /** The ledger for those who read it at the agent; the same connection if absent. */
  readonly readers?: LedgerProvider;
  readonly sender: Sender;
  readonly policy: CheckpointPolicy;
  /** Quotas that differ from the defaults. */
  readonly quotas?: Partial<Quotas>;
  readonly peers: Peers;
  /** True if others are in other processes, which go on while this one is stopped. */
  readonly othersElsewhere: boolean;
  /** Time when it was restored from a backup; absent once it has caught up. */
  readonly restored?: { readonly restoredAt: number };
  /** Notes durably that its folder was rolled back by other means. */
  readonly onRolledBack: RejoiningOptions['onRolledBack'];
  /**
   * Moment when the organisation had no backup any more of what it destroyed at a moment, Unix seconds; if absent, nobody says so.
   */
  readonly backupsEnded?: (at: number) => Promise<number | undefined>;
  /** Push services that it may call, and the operator's address for them; it tells no browser of news if absent. */
  readonly push?: PushSettings | undefined;
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
  /** The view of the ledger that it judges from. */
  readonly index: LedgerIndex;
  /** Catches up if it was restored or rolled back. Until then it answers nothing. */
  readonly rejoining: Rejoining;
  /**
   * Checkpoints the last entries of its log, and resolves once the others have answered that they copied them.
   * @throws MedsealError if they cannot be checkpointed now.
   */
  handOver(): Promise<void>;
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

/** The last opened first: a log ends its appends before its database goes. */
async function closeAll(opened: readonly Closable[]): Promise<void> {
  const failures: unknown[] = [];
  for (const each of opened.toReversed()) {
    await each.close().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw toMedsealError(failures[0]);
}

async function compose(
  options: OrganisationOptions,
  opened: Closable[],
): Promise<RunningOrganisation> {
  const { organisation, network, channel, keys, ports, index, portal, onFailure } = options;
  const { clock, primitives } = ports;
  const context = contextOf(ports, { network, organisation, index });
  const peers: Peers = (receiver) => {
    const peer = checkedPeer(options.peers(receiver));
    return receiver === organisation ? peer : context.circuits.guard(receiver, peer);
  };
  const onEnding = (grant: Bytes32): void => index.endAhead(grant);
  const onExactEnd = ({ mandate, until }: MandateEnd): void => index.noteExactEnd(mandate, until);
  const stores = await openStores({ ...options, onEnding, onExactEnd }, opened);
  const { bodies, logs, log, vault, deposits, letters, browsers, judgements } = stores;
  const port = options.push && createPushPort({ secret: keys.storage, clock, ...options.push });
  const pushes = createPushes(context, {
    store: browsers,
    port,
    hasLetters: async (party) => await letters.hasFromOthers(party, seconds(clock)),
    onFailure,
  });
  const others = channel.coordinators.map((member) => member.organisation);
  const contributor = createContributor(context, {
    ...stores,
    channel,
    onLetter: (to) => pushes.tell(to),
    key: keys.coordinator,
    storageKey: keys.storage,
    database: stores.contributions,
    contributorOf: (other) => peers(other).contributor,
    judged: async (entry) => await judgedBody(judgements, bodies, entry),
    backupsEnded: options.backupsEnded ?? (async () => await Promise.resolve(undefined)),
    hasten: (index) => administrator.hasten(index),
    onFault: onFailure,
    onFailure,
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
    onFault: onFailure,
  });
  const coordinators = others.map((other) => peers(other).coordinator);
  const peersTold = tellPeers(
    elsewhere.map((name) => peers(name).contributor),
    onFailure,
  );
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
    onCheckpointed: (placed) => peersTold.tell(placed),
    onFailure,
  });
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
    push: { pushes, store: browsers, port },
    succession: options.succession ?? noSuccession(network),
    statePortal:
      portal && keepStatement((at) => signPortal(primitives, noteKey, portal, at), clock),
    onFailure,
  });

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
  const called = { agent, coordinator, contributor };
  const carry = createEndCarrier(context, { deposits, administrator });
  const finish = createRecoveryFinisher(context, options.sender);
  const chores = choresOf(
    { contributor, coordinator, rejoining, pushes, carry, finish, ...stores },
    clock,
  ).map(([every, work]) => repeatedly(clock, every, work, onFailure));
  return {
    ...refuseUnready(called, rejoining, options.full ?? (() => undefined)),
    administrator,
    enrolments,
    sender: options.sender,
    logs,
    vault,
    index,
    rejoining,
    handOver: async () => await handOver(administrator, peersTold),
    stop,
    close: async () => await closeAll(opened),
  };

  async function stop(): Promise<void> {
    agent.stop();
    await pushes.stop();
    await administrator.close();
    await contributor.stop();
    await Promise.all([peersTold.ended(), ...chores.map(async (end) => await end())]);
  }
}

async function handOver(administrator: Administrator, others: PeerTeller): Promise<void> {
  await administrator.checkpoint();
  await others.ended();
}

/** Returns what an organisation does again and again, each with its interval in milliseconds. */
function choresOf(
  {
    contributor,
    coordinator,
    rejoining,
    vault,
    letters,
    pushes,
    carry,
    finish,
  }: Pick<RunningOrganisation, 'contributor' | 'coordinator' | 'rejoining'> &
    Pick<OrganisationStores, 'vault' | 'letters'> & {
      readonly pushes: Pick<Pushes, 'collect'>;
      readonly carry: () => Promise<void>;
      readonly finish: () => Promise<void>;
    },
  clock: NodePorts['clock'],
): readonly (readonly [number, () => Promise<unknown>])[] {
  return [
    [CATCH_UP_EVERY, async () => await contributor.catchUp()],
    [CARRY_EVERY, carry],
    [CARRY_EVERY, finish],
    [COLLECT_EVERY, async () => await contributor.releaseSurplus()],
    [COLLECT_EVERY, async () => await vault.collect(seconds(clock))],
    [COLLECT_EVERY, async () => await letters.collect(seconds(clock))],
    [COLLECT_EVERY, async () => await pushes.collect()],
    // One that may have forgotten what it signed ends no log.
    [COLLECT_EVERY, async () => rejoining.learnt && (await coordinator.collect(seconds(clock)))],
    [REPAIR_EVERY, async () => await contributor.repair()],
    [CATCH_UP_EVERY, async () => await coordinator.copyLists()],
    [REPAIR_EVERY, async () => requireNoneLost(await coordinator.repairLists())],
  ];
}
