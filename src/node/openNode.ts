import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import type { EmbeddedLedger } from '../ledger/openEmbeddedLedger.ts';
import type { AgentPort } from '../protocol/AgentPort.ts';
import type { Organisation } from '../protocol/ids.ts';
import type { FurtherContract } from '../protocol/network/furtherContracts.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { ownLogOf } from '../protocol/network/networkLookups.ts';
import type { Quotas } from '../services/agent/Quotas.ts';
import type { PushSettings } from './push/createPushPort.ts';
import type { ContractsCreated } from '../protocol/operator/OperatorPort.ts';
import {
  DEFAULT_POLICY,
  type CheckpointPolicy,
} from '../services/administrator/createCheckpointer.ts';
import type { LedgerIndex } from '../services/LedgerIndex.ts';
import type { PeerPorts } from '../services/peers/peerCalls.ts';
import type { AuthorityPort } from '../services/ports.ts';
import { loopback } from '../peers/loopback.ts';
import type { NodeFolder, OrganisationHome } from './NodeFolder.ts';
import { sendersOf } from './nodeLedger.ts';
import type { Sender } from '../ledger/openSender.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import type { Successor } from '../protocol/network/Successor.ts';
import type { ContradictedSuccessor } from '../services/succession/findContradicted.ts';
import type { Succession } from '../services/succession/Succession.ts';
import { isSuspendedIn } from './atLedger/isSuspendedIn.ts';
import { LedgerSeat } from './atLedger/LedgerSeat.ts';
import { LedgerWork } from './atLedger/LedgerWork.ts';
import { openLedgerIndex } from './atLedger/openLedgerIndex.ts';
import { reachLedger, type ReachedLedger } from './atLedger/reachLedger.ts';
import { withOlderBlocks } from './atLedger/withOlderBlocks.ts';
import type { PortalPin } from '../protocol/portal/portalStatement.ts';
import type { RemoteOrganisations } from './remoteOrganisations.ts';
import { openAuthority, type Accepts } from './openAuthority.ts';
import { openShares, removeFormerShares } from './openShares.ts';
import { openOrganisation, type Peers, type RunningOrganisation } from './openOrganisation.ts';
import { loopbackPeer } from '../peers/loopbackPeer.ts';
import { ReaderPool } from './readers/ReaderPool.ts';
import type { OpenDatabases } from './databases/OpenDatabases.ts';
import { SharedFiles } from './databases/SharedFiles.ts';
import type { OpenStore } from '../vault/storeOpener.ts';
import { repeatedly } from './repeatedly.ts';

/** Options of `openNode`. */
export interface NodeOptions {
  /** Its folder; it is closed with the node, or if the node cannot be opened, unless `keepsFolder`. */
  readonly folder: NodeFolder;
  /** True if the folder stays open when the node is closed. */
  readonly keepsFolder?: boolean;
  /** The successors of the folder's network file, if they are open already. */
  readonly succession?: Succession | undefined;
  readonly ports: NodePorts;
  /** Access to organisations whose nodes are in other processes. */
  readonly far?: RemoteOrganisations;
  readonly policy?: CheckpointPolicy;
  /** Quotas of a party at a node, if they differ from the defaults. */
  readonly quotas?: Partial<Quotas>;
  /** Push services that its organisations may call; they tell no browser of news if absent. */
  readonly push?: PushSettings | undefined;
  /** The most bytes that one sealed file may have; 8 GiB unless given. */
  readonly fileBytes?: number;
  /** Tells whether a member of the authority, by its own folder, accepts an application; if absent, it accepts none. */
  readonly accepts?: Accepts;
  /** Makes each organisation's store of sealed files; in its folder if absent. */
  readonly openStore?: OpenStore;
  /** Opens the databases of each organisation's stores; in its folder if absent. */
  readonly openDatabases?: OpenDatabases;
  /** Returns the error to throw while the disk is full; undefined while there is room. */
  readonly full?: () => MedsealError | undefined;
  /** The portal that the agents serve; none if absent. */
  readonly portal?: PortalPin | undefined;
  /** Called when older blocks are first read at other organisations, and with why one of them is passed over. */
  readonly onOlderBlocks?: (error?: unknown) => void;
  /** Called with failures in the background. */
  readonly onFailure?: (error: unknown) => void;
}

/** The nodes of a folder, running: of one organisation, or of all. */
export interface RunningNode {
  readonly file: NetworkFile;
  readonly ports: NodePorts;
  /** The services of each organisation of the folder. */
  readonly organisations: ReadonlyMap<Organisation, RunningOrganisation>;
  /** The members of the authority that this folder holds, with the keys that the network file names. */
  readonly members: ReadonlyMap<
    Organisation,
    Pick<OrganisationHome, 'authorityFiles' | 'authorityKey'>
  >;
  /** Their agents, each behind a transport that encodes every value. */
  readonly agents: ReadonlyMap<Organisation, AgentPort>;
  /** The ledger as they reach it, without the older blocks of other organisations. */
  readonly provider: LedgerProvider;
  /** The network file's successors, as far as they are known here. */
  readonly succession: Succession;
  /**
   * Compares a successor with the ledger, and begins the changes that belong to it there.
   * @throws MedsealError `SUCCESSOR_INVALID` if they do not agree.
   */
  confirm(successor: Successor): Promise<void>;
  /**
   * Creates contracts that the network lacks, for a successor to add.
   * @throws MedsealError as `ContractMaker.create` does.
   */
  createContracts(wanted: readonly FurtherContract[]): Promise<ContractsCreated>;
  /** The newest successor that the ledger contradicted when it was last asked. */
  readonly contradicted: ContradictedSuccessor | undefined;
  /** The validators whose keys were without power, as all others took it at once, when the ledger was last asked. */
  readonly removed: LedgerWork['removed'];
  /** The ledger itself, if it is in this folder. */
  readonly ledger?: EmbeddedLedger;
  /** Ports that an organisation of the folder opens to the others; to be guarded. */
  openTo(organisation: Organisation): PeerPorts;
  /** Tells whether the Registry, as this process knows it, says that an organisation's account is suspended. */
  isSuspended(organisation: Organisation): boolean;
  /**
   * Does the work that needs the other organisations: has the accounts of the folder's organisations enrolled,
   * checkpoints their logs, catches up. Safe to repeat.
   * @throws MedsealError `PEER_UNREACHABLE`, `ENROLMENT_REFUSED` if an account cannot be enrolled yet.
   */
  settle(): Promise<void>;
  /** Has the others copy the last entries of the organisations' logs, as far as they answer: they could not while the node is away. */
  handOver(): Promise<void>;
  /** Ends work that is under way and closes every store. */
  close(): Promise<void>;
}

/** Interval at which changes at the ledger that are due are finished, milliseconds. */
const CARRY_EVERY = 5000;
/** Interval at which a node checks the ledger for changes of who may call, milliseconds. */
const FOLLOW_EVERY = 5000;
/**
 * Milliseconds that a node which is closed waits for blocks with what it sent: its validator may hear nothing of the others
 * any more, or they may stand still. The next opening finds what a later block took.
 */
const BLOCK_PATIENCE = 3000;

/**
 * Opens the nodes of a folder. Each organisation has a folder, keys, log, vault and services of its own, and calls
 * every other one by the rules of calls between organisations, even in the same process.
 *
 * @param options - Folder, ports, and how to reach the others.
 * @throws MedsealError `FOLDER_UNWRITABLE`, `FOLDER_FOREIGN`, `LEDGER_OTHER`, `LEDGER_UNREACHABLE`,
 * `NETWORK_FILE_INVALID`; `NETWORK_ABSENT` if the network is not yet founded elsewhere; `CONTRACTS_OTHER` if the ledger
 * of another organisation has other contracts than this build creates.
 */
export async function openNode(options: NodeOptions): Promise<RunningNode> {
  const opened: { close(): Promise<unknown> }[] = options.keepsFolder ? [] : [options.folder];
  const organisations = new Map<Organisation, RunningOrganisation>();
  const ended = new AbortController();
  const close = async (): Promise<void> => {
    const inTime = options.ports.clock.after(BLOCK_PATIENCE, () => ended.abort());
    await Promise.all([...organisations.values()].map(async (each) => await each.stop()));
    // A failure to close one thing must not keep the others open, least of all the lock.
    const failures: unknown[] = [];
    for (const part of opened.toReversed()) {
      await part.close().catch((error: unknown) => failures.push(error));
    }
    inTime();
    if (failures.length > 0) throw toMedsealError(failures[0]);
  };
  try {
    return await compose(options, opened, organisations, { close, ended: ended.signal });
  } catch (error) {
    await close().catch(options.onFailure ?? (() => undefined));
    throw error;
  }
}

async function compose(
  options: NodeOptions,
  opened: { close(): Promise<unknown> }[],
  organisations: Map<Organisation, RunningOrganisation>,
  { close, ended }: { readonly close: () => Promise<void>; readonly ended: AbortSignal },
): Promise<RunningNode> {
  const { folder, far, onFailure = () => undefined } = options;
  const readers = new ReaderPool({ onFailure });
  opened.push(readers);
  const ports: NodePorts = {
    createReader: (context, inTurn) => readers.reader(context, inTurn),
    ...options.ports,
  };
  const reached = await reachLedger({ folder, far, succession: options.succession, ports });
  const { own, provider, succession, network, homes } = reached;
  if (own !== undefined) opened.push(own);
  const whole = wholeLedger(options, reached);
  const ledger = loopback(whole, {});
  const senders = sendersOf({ homes }, ledger, network.ledger.chainId, ports, ended);
  // One view of the ledger for all that the process does: who may send to it, who may call, and what is judged.
  const followed = { provider: ledger, network, clock: ports.clock, onFailure };
  const { index, close: closeIndex } = await openLedgerIndex(folder, followed);
  opened.push({ close: closeIndex });
  await index.refresh();
  own?.admission.follow(index);
  opened.push({
    close: repeatedly(ports.clock, FOLLOW_EVERY, async () => await index.refresh(), onFailure),
  });
  const shared = new SharedFiles(options.openDatabases);
  const view = { network, succession, index, shared, ports: options.ports };
  const authorities = new Map(
    homes.map((home) => [
      home.organisation,
      openAuthority(home, { ...view, accepts: options.accepts }),
    ]),
  );
  const openTo = (name: Organisation): PeerPorts => ({
    get coordinator() {
      return required(organisations, name).coordinator;
    },
    get contributor() {
      return required(organisations, name).contributor;
    },
    get authority() {
      return required(authorities, name);
    },
  });
  const peersOf = (home: OrganisationHome): Peers => {
    const caller = home.organisation;
    return (receiver) => {
      if (!authorities.has(receiver) && far !== undefined) {
        return far.peer(network, home, receiver);
      }
      return loopbackPeer(openTo(receiver), { network, caller, receiver });
    };
  };
  for (const home of homes) {
    const { organisation, keys } = home;
    const { channel } = ownLogOf(network, organisation);
    const shares = await openShares(network, channel, home, ports);
    await removeFormerShares(network, channel, home, shares);
    const services = await openOrganisation({
      organisation,
      network,
      channel,
      folder: home.folder,
      keys,
      shares,
      ledger: loopback(whole, {}),
      index,
      ...(own === undefined && far !== undefined && { readers: far.readers(network, home) }),
      sender: required(senders, organisation),
      policy: options.policy ?? DEFAULT_POLICY,
      ...(options.quotas && { quotas: options.quotas }),
      ...(options.fileBytes !== undefined && { fileBytes: options.fileBytes }),
      ...(options.openStore && { openStore: options.openStore }),
      openDatabases: shared.openDatabases,
      ...(options.full && { full: options.full }),
      portal: options.portal,
      push: options.push,
      peers: peersOf(home),
      succession,
      ports,
      onFailure,
      othersElsewhere: channel.logs.some(({ organisation: name }) => !authorities.has(name)),
      ...(folder.restored?.rejoined.includes(organisation) === false && {
        restored: { restoredAt: folder.restored.at },
      }),
      backupsEnded: async (at) => await folder.backupsEnded(at),
      onRolledBack: async () => await folder.rolledBack(organisation),
    });
    organisations.set(organisation, services);
    opened.push(services);
  }
  // Before it answers any request.
  await Promise.all([...organisations.values()].map(async (each) => await each.rejoining.look()));
  opened.push({ close: repeatedly(ports.clock, FOLLOW_EVERY, goOnRejoining, onFailure) });
  const work = ledgerWork(options, { ...reached, ledger, index, senders, peersOf, ended });
  const enrolAdmitted = async (): Promise<void> => await work.enrolAdmitted();
  opened.push({ close: repeatedly(ports.clock, FOLLOW_EVERY, enrolAdmitted, onFailure) });
  const carry = async (): Promise<void> => await work.carry();
  opened.push({ close: repeatedly(ports.clock, CARRY_EVERY, carry, onFailure) });
  return {
    file: network,
    ports,
    organisations,
    members: new Map(homes.map((home) => [home.organisation, home])),
    agents: new Map(
      [...organisations].map(([name, { agent }]) => [name, loopback(agent, { download: true })]),
    ),
    provider,
    succession,
    confirm: async (successor) => await work.confirm(successor),
    createContracts: async (wanted) => await work.create(wanted),
    get contradicted() {
      return work.contradicted;
    },
    get removed() {
      return work.removed;
    },
    ...(own && { ledger: own.ledger }),
    openTo,
    isSuspended: (name) => isSuspendedIn(network, index, name),
    settle,
    handOver: async () => await handOverAll(organisations.values(), onFailure),
    close,
  };

  /**
   * Goes on to catch up after a restore or a rollback, and notes who has: the others may not judge, even after a
   * restart.
   */
  async function goOnRejoining(): Promise<void> {
    for (const [organisation, { rejoining }] of organisations) {
      await rejoining.look();
      await rejoining.go();
      if (rejoining.done) await folder.rejoined(organisation);
    }
  }

  async function settle(): Promise<void> {
    await work.settle();
    await goOnRejoining();
    for (const { administrator, contributor } of organisations.values()) {
      // It is tried again in the background; a log that cannot be checkpointed still can be read.
      await administrator.checkpoint().catch(onFailure);
      await contributor.catchUp();
    }
  }
}

/** Has each hand over; one that cannot keeps no other from it. */
async function handOverAll(
  organisations: Iterable<RunningOrganisation>,
  onFailure: (error: unknown) => void,
): Promise<void> {
  const handing = [...organisations].map(async (each) => {
    await each.handOver().catch(onFailure);
  });
  await Promise.all(handing);
}

/** The ledger with the older blocks of other organisations, if this one's validator may lack some. */
function wholeLedger(
  { far, onOlderBlocks }: NodeOptions,
  { own, provider, network, homes: [caller] }: ReachedLedger,
): LedgerProvider {
  if (own !== undefined || far === undefined || caller === undefined) return provider;
  const validators = far.validators(network, caller);
  return validators.length === 0
    ? provider
    : withOlderBlocks(provider, () => validators, onOlderBlocks);
}

/** Makes what does an organisation's work at the ledger, for each organisation of the folder. */
function ledgerWork(
  { folder, ports, onFailure = () => undefined }: NodeOptions,
  {
    homes,
    network,
    succession,
    ledger,
    index,
    senders,
    peersOf,
    ended,
  }: Pick<ReachedLedger, 'homes' | 'network' | 'succession'> & {
    readonly ledger: LedgerProvider;
    readonly index: LedgerIndex;
    readonly senders: ReadonlyMap<Organisation, Sender>;
    readonly peersOf: (home: OrganisationHome) => Peers;
    readonly ended: AbortSignal;
  },
): LedgerWork {
  return new LedgerWork({
    seats: homes.map((home) => {
      const { organisation } = home;
      const first = folder.homes.find((each) => each.organisation === organisation)?.keys.sender;
      const sender = required(senders, organisation);
      const peers = peersOf(home);
      const members = (): readonly AuthorityPort[] =>
        network.authority.members.map((each) => peers(each.organisation).authority);
      return new LedgerSeat({ home, first, sender, network, ledger, index, members, ports, ended });
    }),
    network,
    succession,
    index,
    clock: ports.clock,
    onFailure,
  });
}

function required<Value>(values: ReadonlyMap<Organisation, Value>, name: Organisation): Value {
  const value = values.get(name);
  if (value === undefined) throw new MedsealError('PEER_UNREACHABLE', { peer: name });
  return value;
}
