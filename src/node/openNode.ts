import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import type { EmbeddedLedger } from '../ledger/openEmbeddedLedger.ts';
import type { AgentPort, SignedApplication } from '../protocol/AgentPort.ts';
import { openSender, type Sender } from '../ledger/openSender.ts';
import type { Address, Organisation } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';
import { seconds } from '../protocol/Clock.ts';
import { ownLogOf, presentNodes } from '../protocol/networkLookups.ts';
import type { Quotas } from '../services/agent/Quotas.ts';
import type { CheckpointPolicy } from '../services/administrator/createCheckpointer.ts';
import { createAuthority } from '../services/enrolment/createAuthority.ts';
import { IssuedIdFiles } from '../services/enrolment/IssuedIdFiles.ts';
import { enrolSender } from '../services/enrolment/enrolSender.ts';
import { formerAccounts, type FormerAccount } from '../services/enrolment/formerAccounts.ts';
import { suspendFormer } from '../services/enrolment/suspendFormer.ts';
import { LedgerIndex } from '../services/LedgerIndex.ts';
import type { PeerPorts } from '../services/peers/peerCalls.ts';
import type { AuthorityPort } from '../services/ports.ts';
import type { Files } from '../folder/Files.ts';
import { contextOf } from './contextOf.ts';
import { keepsLedger, parseFounding } from '../folder/Founding.ts';
import { readJsonFile } from '../folder/jsonFiles.ts';
import { loopback } from '../peers/loopback.ts';
import type { NodeFolder, OrganisationHome } from './NodeFolder.ts';
import { openFoundersLedger, sendersOf } from './nodeLedger.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import type { Successor } from '../protocol/Successor.ts';
import type { ServiceContext } from '../services/ServiceContext.ts';
import { carryChanges, type RulesCarrier } from '../services/succession/carryChanges.ts';
import { requireStakes } from '../services/succession/requireStakes.ts';
import { requireRules } from '../services/succession/requireRules.ts';
import type { Succession } from '../services/succession/Succession.ts';
import { homeIn } from './succession/homeIn.ts';
import { openSuccession } from './succession/openSuccession.ts';
import { openOrganisation, type Peers, type RunningOrganisation } from './openOrganisation.ts';
import { loopbackPeer } from '../peers/loopbackPeer.ts';
import { ReaderPool } from './readers/ReaderPool.ts';
import { admittedAccounts, isAdmitted } from './founding/admissions.ts';
import { prepareContracts } from './founding/prepareContracts.ts';
import { readNetwork } from './founding/readNetwork.ts';
import { repeatedly } from './repeatedly.ts';
import { requireContracts } from './founding/requireContracts.ts';

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
  /** The most bytes that one sealed file may have; 8 GiB unless given. */
  readonly fileBytes?: number;
  /** Tells whether a member of the authority, by its own folder, accepts an application; if absent, it accepts all. */
  readonly accepts?: (files: Files, application: SignedApplication) => Promise<boolean>;
  /** Returns the error to throw while the disk is full; undefined while there is room. */
  readonly full?: () => MedsealError | undefined;
  /** Called with failures in the background. */
  readonly onFailure?: (error: unknown) => void;
}

/** Organisations in other processes, and the ledger of one of them. */
export interface RemoteOrganisations {
  /** The services of an organisation, as one of this folder reaches them. */
  peer(network: NetworkFile, caller: OrganisationHome, receiver: Organisation): PeerPorts;
  /**
   * The ledger, if the folder holds none; it may wait until the ledger can be reached, and until `prepare` has done its
   * work there.
   */
  ledger(
    network: NetworkFile,
    caller: OrganisationHome,
    prepare: (ledger: LedgerProvider) => Promise<void>,
  ): Promise<LedgerProvider>;
}

/** The nodes of a folder, running: of one organisation, or of all. */
export interface RunningNode {
  readonly file: NetworkFile;
  readonly ports: NodePorts;
  /** The services of each organisation of the folder. */
  readonly organisations: ReadonlyMap<Organisation, RunningOrganisation>;
  /** Their agents, each behind a transport that encodes every value. */
  readonly agents: ReadonlyMap<Organisation, AgentPort>;
  /** The ledger as they reach it. */
  readonly provider: LedgerProvider;
  /** The network file's successors, as far as they are known here. */
  readonly succession: Succession;
  /**
   * Compares a successor with the ledger, and begins the changes that belong to it there.
   * @throws MedsealError `SUCCESSOR_INVALID` if they do not agree.
   */
  confirm(successor: Successor): Promise<void>;
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
  /** Ends work that is under way and closes every store. */
  close(): Promise<void>;
}

export const DEFAULT_POLICY: CheckpointPolicy = {
  maxEntries: 1024,
  maxBytes: 4 * 2 ** 20,
  maxDelay: 200,
};
/** Interval at which changes at the ledger that are due are finished, milliseconds. */
const CARRY_EVERY = 5000;
/** Interval at which a node checks the ledger for changes of who may call, milliseconds. */
const FOLLOW_EVERY = 5000;

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
  const close = async (): Promise<void> => {
    await Promise.all([...organisations.values()].map(async (each) => await each.stop()));
    // A failure to close one thing must not keep the others open, least of all the lock.
    const failures: unknown[] = [];
    for (const part of opened.toReversed()) {
      await part.close().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw toMedsealError(failures[0]);
  };
  try {
    return await compose(options, opened, organisations, close);
  } catch (error) {
    await close().catch(options.onFailure ?? (() => undefined));
    throw error;
  }
}

async function compose(
  options: NodeOptions,
  opened: { close(): Promise<unknown> }[],
  organisations: Map<Organisation, RunningOrganisation>,
  close: () => Promise<void>,
): Promise<RunningNode> {
  const { folder, far, onFailure = () => undefined } = options;
  const readers = new ReaderPool({ onFailure });
  opened.push(readers);
  const ports: NodePorts = {
    createReader: (context) => readers.reader(context),
    ...options.ports,
  };
  const { files } = folder;
  const written = await readJsonFile(files, 'founding.json');
  const founding = written === undefined ? undefined : parseFounding(written, files.path);
  const own =
    founding && keepsLedger(founding)
      ? await openFoundersLedger(folder, founding, ports)
      : undefined;
  if (own !== undefined) opened.push(own);
  const began = await readNetwork(folder, founding, own, ports);
  const succession = options.succession ?? (await openSuccession(files, began, ports));
  const network = succession.inForce(seconds(ports.clock));
  const homes = folder.homes.map((home) => homeIn(network, home));
  const [first] = homes;
  if (first === undefined) throw new MedsealError('NETWORK_FILE_INVALID', { reason: 'no channel' });
  const { chainId } = network.ledger;
  const prepare = async (ledger: LedgerProvider): Promise<void> => {
    const accounts = sendersOf(folder, ledger, chainId, ports);
    const founder = founding && accounts.get(first.organisation);
    await prepareContracts(began, ledger, founder);
  };
  const provider = own?.ledger ?? (await far?.ledger(network, first, prepare));
  if (provider === undefined) throw new MedsealError('LEDGER_UNREACHABLE', {});
  if (own === undefined) {
    const { files: known } = succession;
    await requireContracts(files, began, provider, ports.primitives, known);
  }
  const ledger = loopback(provider, {});
  const senders = sendersOf({ homes }, ledger, chainId, ports);

  // The process's own view of who may send to its ledger, and who may call.
  const index = indexOf(network, provider, ports);
  await index.refresh();
  own?.admission.follow(index);
  opened.push({
    close: repeatedly(ports.clock, FOLLOW_EVERY, async () => await index.refresh(), onFailure),
  });

  const authorities = new Map(
    homes.map((home) => [
      home.organisation,
      authorityOf(home, { network, provider, succession }, options),
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
    const services = await openOrganisation({
      organisation,
      network,
      channel,
      folder: home.folder,
      keys,
      ledger: loopback(provider, {}),
      sender: required(senders, organisation),
      policy: options.policy ?? DEFAULT_POLICY,
      ...(options.quotas && { quotas: options.quotas }),
      ...(options.fileBytes !== undefined && { fileBytes: options.fileBytes }),
      ...(options.full && { full: options.full }),
      peers: peersOf(home),
      succession,
      ports,
      onFailure,
      othersElsewhere: channel.logs.some(({ organisation: name }) => !authorities.has(name)),
      ...(folder.restored?.rejoined.includes(organisation) === false && {
        restored: { restoredAt: folder.restored.at },
      }),
      onRolledBack: async () => await folder.rolledBack(organisation),
    });
    organisations.set(organisation, services);
    opened.push(services);
  }
  // Before it answers any request.
  await Promise.all(
    [...organisations.values()].map(async ({ rejoining }) => await rejoining.look()),
  );
  opened.push({ close: repeatedly(ports.clock, FOLLOW_EVERY, goOnRejoining, onFailure) });
  opened.push({ close: repeatedly(ports.clock, FOLLOW_EVERY, enrolAdmitted, onFailure) });
  const carried = new Set<Successor>();
  opened.push({ close: repeatedly(ports.clock, CARRY_EVERY, carryAll, onFailure) });
  return {
    file: network,
    ports,
    organisations,
    agents: new Map(
      [...organisations].map(([name, { agent }]) => [name, loopback(agent, { download: true })]),
    ),
    provider,
    succession,
    async confirm(successor) {
      const [home] = homes;
      if (home === undefined) return;
      const carrier = { ...carrierOf(home), index, succession };
      await requireRules(carrier, successor);
      await requireStakes(carrier, successor);
      try {
        await carryChanges(carrier, successor);
      } catch (error) {
        onFailure(error);
        if (!isMedsealError(error, 'RULE_REFUSED')) return;
        // Another node can have begun the same, or somebody a change that was dropped; or its deadline passed.
        await requireRules(carrier, successor);
        await requireStakes(carrier, successor);
      }
    },
    ...(own && { ledger: own.ledger }),
    openTo,
    isSuspended(name) {
      const own = presentNodes(network).find(({ organisation }) => organisation === name)?.sender;
      // Accounts that it has for other channels do not speak for it here.
      const accounts = index
        .administrators(name)
        .filter(({ party }) => own === undefined || party === own);
      return accounts.length > 0 && accounts.every(({ suspended }) => suspended);
    },
    settle,
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

  /** Has accounts enrolled that operators admitted here for other channels; the quorum may not have done so yet. */
  async function enrolAdmitted(): Promise<void> {
    for (const home of homes) {
      for (const { organisation, account } of await admittedAccounts(home.authorityFiles)) {
        await index.refresh();
        if (index.party(account) !== undefined) continue;
        await enrolFor(home, organisation, account).catch((error: unknown) => {
          if (!isMedsealError(error, 'ENROLMENT_REFUSED')) onFailure(error);
        });
      }
    }
  }

  /** Has an account enrolled that sends for another organisation, or for another channel. */
  async function enrolFor(
    home: OrganisationHome,
    name: Organisation,
    account: Address,
  ): Promise<void> {
    const context = contextOf(ports, { network, organisation: name, index });
    await enrolSender(context, required(senders, home.organisation), membersFor(home), account);
  }

  /**
   * Has its accounts enrolled, that of a file to come too, and those of organisations that joined or have another: nobody
   * else can send for them.
   */
  async function settleAtLedger(home: OrganisationHome): Promise<void> {
    const context = carrierOf(home);
    const members = membersFor(home);
    await enrolSender(context, enrolledSender(home), members, context.sender.address);
    await carryDue(home);
    await enrolComing(home).catch(onFailure);
    await enrolNewcomers(home);
  }

  /** Has the accounts enrolled of organisations that joined: until then the ledger takes nothing from them. */
  async function enrolNewcomers(home: OrganisationHome): Promise<void> {
    for (const { organisation, sender: account } of network.nodes ?? []) {
      if (index.party(account) !== undefined) continue;
      await enrolFor(home, organisation, account).catch(onFailure);
    }
  }

  /** Has the account enrolled that the newest file names for the organisation. */
  async function enrolComing(home: OrganisationHome): Promise<void> {
    const newest = succession.files.at(-1);
    const [account] = newest === undefined ? [] : accountsIn(newest, home.organisation);
    if (account === undefined || index.party(account) !== undefined) return;
    await enrolSender(carrierOf(home), enrolledSender(home), membersFor(home), account);
  }

  /** Its account; while that is not enrolled, one that it had before. */
  function enrolledSender(home: OrganisationHome): Sender {
    const { organisation, keys, later } = home;
    const own = required(senders, organisation);
    if (index.party(own.address) !== undefined) return own;
    const first = folder.homes.find((each) => each.organisation === organisation)?.keys.sender;
    const before = [...(first ? [first] : []), ...later.node.senders].find(({ address }) => {
      const account = index.party(address);
      return address !== keys.sender.address && account !== undefined && !account.suspended;
    });
    if (before === undefined) return own;
    const { clock, primitives } = ports;
    const secret = before.signingKey;
    return openSender({ provider: ledger, chainId, secret, primitives, clock });
  }

  function membersFor(home: OrganisationHome): readonly AuthorityPort[] {
    return network.authority.members.map((member) => peersOf(home)(member.organisation).authority);
  }

  function carrierOf(home: OrganisationHome): ServiceContext & NodePorts & RulesCarrier {
    const { organisation } = home;
    const sender = required(senders, organisation);
    return { ...contextOf(ports, { network, organisation, index }), ledger, sender };
  }

  /** Brings the changes of successors that are in force as far as the ledger lets them go. */
  async function carryDue(home: OrganisationHome): Promise<void> {
    const carrier = carrierOf(home);
    for (const successor of succession.successors) {
      if (successor.from > seconds(ports.clock) || carried.has(successor)) continue;
      try {
        if (await carryChanges(carrier, successor)) carried.add(successor);
      } catch (error) {
        // The contract refuses it for good: to ask again would only fill blocks.
        if (isMedsealError(error, 'RULE_REFUSED')) carried.add(successor);
        onFailure(error);
      }
    }
  }

  async function carryAll(): Promise<void> {
    for (const home of homes) {
      await carryDue(home);
      await enrolComing(home);
      // One that is not enrolled itself can have nobody else enrolled.
      const { address } = required(senders, home.organisation);
      if (index.party(address) !== undefined) await enrolNewcomers(home);
      if (index.party(address) !== undefined) await suspendFormerFor(home);
    }
  }

  /** Has accounts suspended that no file names any more; the members of other nodes may not know that yet. */
  async function suspendFormerFor(home: OrganisationHome): Promise<void> {
    const [context, sender] = [carrierOf(home), required(senders, home.organisation)];
    for (const { account } of formerOf(succession, ports)) {
      await suspendFormer(context, sender, membersFor(home), account).catch((error: unknown) => {
        if (!isMedsealError(error, 'ENROLMENT_REFUSED')) onFailure(error);
      });
    }
  }

  async function settle(): Promise<void> {
    for (const home of homes) await settleAtLedger(home);
    await enrolAdmitted();
    await goOnRejoining();
    for (const { administrator, contributor } of organisations.values()) {
      // It is tried again in the background; a log that cannot be checkpointed still can be read.
      await administrator.checkpoint().catch(onFailure);
      await contributor.catchUp();
    }
  }
}

function authorityOf(
  { organisation, authorityFiles, authorityKey }: OrganisationHome,
  {
    network,
    provider,
    succession,
  }: Pick<RunningNode, 'provider' | 'succession'> & { readonly network: NetworkFile },
  { ports, accepts }: NodeOptions,
): AuthorityPort {
  const index = indexOf(network, loopback(provider, {}), ports);
  return createAuthority(contextOf(ports, { network, organisation, index }), {
    key: authorityKey,
    accepts: async (application) => (await accepts?.(authorityFiles, application)) ?? true,
    admits: async (...admitted) => await isAdmitted(authorityFiles, ...admitted),
    issued: new IssuedIdFiles(authorityFiles),
    // Those to come have to be enrolled before they are used.
    named: (name) =>
      succession.files
        .slice(succession.files.indexOf(network))
        .flatMap((file) => accountsIn(file, name)),
    former: () => formerOf(succession, ports),
  });
}

/** Accounts that no file names any more; none while a fork is open, whose other file may name them. */
function formerOf(
  { files, fork }: RunningNode['succession'],
  { clock }: NodePorts,
): readonly FormerAccount[] {
  return fork === undefined ? formerAccounts(files, seconds(clock)) : [];
}

function accountsIn(network: NetworkFile, name: Organisation): readonly Address[] {
  const own = presentNodes(network).filter(({ organisation }) => organisation === name);
  return own.map(({ sender }) => sender);
}

function indexOf(
  network: NetworkFile,
  provider: LedgerProvider,
  { clock }: NodePorts,
): LedgerIndex {
  return new LedgerIndex({ provider, network, clock });
}

function required<Value>(values: ReadonlyMap<Organisation, Value>, name: Organisation): Value {
  const value = values.get(name);
  if (value === undefined) throw new MedsealError('PEER_UNREACHABLE', { peer: name });
  return value;
}
