// Over 400 lines: the parts of one process, in the order in which they open, change and close.

import { statfs } from 'node:fs/promises';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { storageError } from '../errors/toPublicError.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Organisation } from '../protocol/ids.ts';
import { isSameNetworkFile } from '../protocol/isSameNetworkFile.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';
import { returnToWork } from './validator/returnToWork.ts';
import { startValidator, type OrganisationValidator } from './validator/startValidator.ts';
import { openValidatorNetwork, type ValidatorNetwork } from './validator/validatorNetwork.ts';
import type { ValidatorProcess } from './validator/superviseValidator.ts';
import { requireApproval } from './founding/approvals.ts';
import { readNodes } from './founding/ceremony.ts';
import type { Configuration } from './configuration/Configuration.ts';
import { ledgerApp } from '../http/ledgerApp.ts';
import { keepsLedger, type Founding } from '../folder/Founding.ts';
import { readJsonFile } from '../folder/jsonFiles.ts';
import { listen, type Listening } from '../http/listen.ts';
import { networkApp } from '../http/networkApp.ts';
import type { AnsweredRequest } from '../http/reportAnswers.ts';
import type { TlsDoor } from '../http/acceptTls.ts';
import { tlsIdentityOf } from './tlsIdentityOf.ts';
import type { TlsIdentity } from '../peers/tls/TlsIdentity.ts';
import { keptTrust } from './keptTrust.ts';
import type { NodeFolder } from './NodeFolder.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import { openNode, type RunningNode } from './openNode.ts';
import { countOutcomes } from './operate/countOutcomes.ts';
import { createMetrics, type ListenerName } from './operate/createMetrics.ts';
import { FreeSpace } from './operate/FreeSpace.ts';
import { Drain } from './operate/Drain.ts';
import { failureFields } from './operate/failureFields.ts';
import { DeferredApp } from './operate/DeferredApp.ts';
import type { Logger } from './operate/Logger.ts';
import { logRestored } from './operate/logRestored.ts';
import { operateApp } from './operate/operateApp.ts';
import { WaitingLog } from './operate/WaitingLog.ts';
import { WAITS_FOR_DISK, watchNode, type NodeWatch } from './operate/watchNode.ts';
import { homeIn } from './succession/homeIn.ts';
import { keepHearing, type Hearing } from './succession/keepHearing.ts';
import { requireMember } from './succession/requireMember.ts';
import { readSuccession } from './succession/readSuccession.ts';
import type { Succession } from '../services/succession/Succession.ts';
import { askSuccessors } from '../peers/askSuccessors.ts';
import { pinnedFetch } from '../peers/tls/pinnedFetch.ts';
import { remoteOrganisations } from './remoteOrganisations.ts';
import { HeardAhead } from '../peers/HeardAhead.ts';
import { peerApp } from '../peers/peerApp.ts';
import { MAX_SKEW, PeerGate } from '../peers/PeerGate.ts';
import { repeatedly } from './repeatedly.ts';

/** Time until a node that could not settle tries again, milliseconds. */
const SETTLE_AGAIN = 1000;
/** Interval at which free disk space is checked, milliseconds. */
const LOOK_EVERY = 1000;
/** Milliseconds between two looks whether the validator has other peers. */
const ADMIT_EVERY = 2000;
/** Milliseconds between two looks whether the validator was set aside: as long as it has to stay there. */
const RETURN_EVERY = 60_000;

/** Milliseconds between two looks whether another network file is in force. */
const ADOPT_EVERY = 1000;
/** Longest time, in milliseconds, that requests under way have to end when another network file comes in force. */
const ADOPT_PATIENCE = 5000;

/** Options of `runNode`. */
export interface RunOptions {
  /** The folder; it is closed when the process ends. */
  readonly folder: NodeFolder;
  readonly configuration: Configuration;
  readonly ports: NodePorts;
  readonly log: Logger;
  /** Version of this program. */
  readonly version: string;
  /** Returns the free bytes on the folder's disk; if absent, the system is asked. */
  readonly freeBytes?: () => Promise<number | undefined>;
}

/** A process that runs nodes. */
export interface NodeProcess {
  /** Addresses at which it is reached. */
  readonly urls: NodeUrls;
  /** The organisation's validator, once it was started, if it is in this folder. */
  readonly validator: ValidatorProcess | undefined;
  /** Resolves when it takes requests; rejects if it cannot be opened. */
  readonly ready: Promise<RunningNode>;
  /** The node as it runs now; it is another one after each change of the network file. Undefined while none is open. */
  readonly node: RunningNode | undefined;
  /**
   * Resolves with the failure, once a write failed: the store takes no more writes before the node is started again. Also
   * if the node cannot go on under the network file that is in force now.
   */
  readonly broken: Promise<MedsealError>;
  /**
   * Lets requests under way end, refuses new ones, and closes every store. Safe to repeat.
   * @returns True if everything ended in its time.
   */
  stop(): Promise<boolean>;
}

/** Addresses of a process. */
export interface NodeUrls {
  /** For parties; each organisation below its name. */
  readonly agents: string;
  /** For other organisations; absent if all are in this process. */
  readonly peers?: string;
  /** For tools of the ledger, if it is in this folder, or if a validator is, or if it is passed on. */
  readonly ledger?: string;
  /** For its operator. */
  readonly operate: string;
}

/**
 * Runs the nodes of a folder: servers for parties, other organisations and the operator, which listen at once and tell
 * callers when to try again until the node is open.
 *
 * @param options - The folder, settings and ports.
 * @throws MedsealError `PORT_IN_USE`.
 */
export async function runNode(options: RunOptions): Promise<NodeProcess> {
  const { folder, configuration, ports, log, version } = options;
  const { listen: doorway, peers, ledger: ledgerSettings, operate } = configuration;
  const { clock } = ports;
  const hosts = folder.homes.map(({ organisation }) => organisation);
  const alone = (await folder.files.size('nodes.json')) === undefined;
  // A malformed file is told of when the node is opened.
  const withValidators = await openValidatorNetwork(folder.files, ports).catch(() => undefined);
  const founding = await readJsonFile(folder.files, 'founding.json').catch(() => undefined);
  const founder = founding !== undefined && keepsLedger(founding as Founding);
  const relays = withValidators === undefined && !founder && ledgerSettings.serve === 'always';
  const runsValidator = withValidators !== undefined && ledgerSettings.url === undefined;
  const validatorUrl = `http://127.0.0.1:${configuration.validator.rpcPort}`;
  const ledgerUrl = runsValidator ? validatorUrl : ledgerSettings.url;
  let validator: OrganisationValidator | undefined;
  let endAdmitting: (() => Promise<void>) | undefined;
  const founded = await readNodes(folder.files);
  // The founder's first start writes the network file; a malformed one is told of when the node is opened.
  let succession = await readSuccession(folder.files, ports).catch(() => undefined);
  const ended = new AbortController();
  const drain = new Drain(clock);
  const waiting = new WaitingLog(log, clock);
  const space = new FreeSpace(options.freeBytes ?? freeBytesOf(folder), configuration.disk.reserve);
  await space.look();
  let endReturning: (() => Promise<void>) | undefined;
  let current: RunningNode | undefined;
  let opening:
    { readonly file: NetworkFile | undefined; readonly attempt: AbortController } | undefined;
  const failed = Promise.withResolvers<MedsealError>();
  const endLooking = repeatedly(clock, LOOK_EVERY, async () => await space.look(), onFailure);
  let watch: NodeWatch | undefined;
  let hearing: Hearing | undefined;
  let settled = false;
  let settling: Promise<void> | undefined;
  let identity: TlsIdentity | undefined;
  let peerServer: Listening | undefined;
  const state = async () => await watch?.state();
  const metrics = createMetrics(version, state, hosts);
  const listening: Listening[] = [];
  const doors = {
    agents: new DeferredApp(drain),
    peers: new DeferredApp(drain),
    ledger: new DeferredApp(drain),
  };
  try {
    const { limits } = configuration;
    identity = ownTls();
    const at = async (
      app: DeferredApp['app'],
      {
        port,
        host,
        proxies = [],
        tls,
      }: {
        readonly port: number;
        readonly host: string;
        readonly proxies?: readonly string[];
        readonly tls?: TlsDoor;
      },
    ): Promise<string> => {
      const server = await listen(app, port, host, { limits, proxies, ...(tls && { tls }) });
      listening.push(server);
      return server.url;
    };
    const urls: NodeUrls = {
      operate: await at(operateApp(metrics, state, waitsFor, operate.names), operate),
      agents: await at(doors.agents.app, doorway),
      ...(!alone && { peers: await listenToPeers(peers.port) }),
      ...((founder || relays) && {
        ledger: await at(doors.ledger.app, { port: ledgerSettings.port, host: '127.0.0.1' }),
      }),
      ...(runsValidator && { ledger: validatorUrl }),
    };
    log.info('starting', { version, pid: process.pid, hosts: hosts.join(',') });
    if (succession !== undefined && !alone) hearing = beginHearing(succession);
    const begun = open();
    const endAdopting = repeatedly(clock, ADOPT_EVERY, adoptIfDue, onFailure);
    const ready = begun.then(async (node) => {
      await untilSettled();
      return current ?? node;
    });
    // Its caller handles a rejection; one that nobody waits for must not end the process.
    ready.catch(() => undefined);
    let stopping: Promise<boolean> | undefined;
    const broken = folder.halted.then((cause) => {
      log.error('a store takes no more writes', failureFields(cause));
      return storageError(cause);
    });
    return {
      urls,
      get validator() {
        return validator;
      },
      ready,
      get node() {
        return current;
      },
      broken: Promise.race([broken, failed.promise]),
      stop: async () => await (stopping ??= stop(begun, endAdopting)),
    };
  } catch (error) {
    await endLooking();
    await peerServer?.close();
    for (const server of listening) await server.close();
    await folder.close();
    throw error;
  }

  /** Serves the other organisations; a port of 0 is any free one. */
  async function listenToPeers(port: number): Promise<string> {
    const { limits } = configuration;
    const { host, proxies } = peers;
    const tls = identity && { tls: identity };
    peerServer = await listen(doors.peers.app, port, host, { limits, proxies, ...tls });
    return peerServer.url;
  }

  /** The key that the endpoint for other organisations speaks TLS with, if the network file pins keys. */
  function ownTls(): TlsIdentity | undefined {
    const [home] = folder.homes;
    // Without a network file the node does not open; it says so then.
    if (alone || home === undefined || succession === undefined) return undefined;
    const { files } = succession;
    const present = succession.inForce(seconds(clock));
    // One that joins goes by the file that will name it.
    const named = files
      .slice(files.indexOf(present))
      .find(({ authority }) =>
        authority.members.some(({ organisation }) => organisation === home.organisation),
      );
    const own = named ?? present;
    return tlsIdentityOf(own, homeIn(own, home), files.slice(0, files.indexOf(own)));
  }

  function waitsFor(): string {
    return space.fault === undefined ? 'the ledger and the stores to open' : WAITS_FOR_DISK;
  }

  /** Waits until the disk has room, for stores write when they are opened. */
  async function untilRoom(): Promise<void> {
    while (space.fault !== undefined) {
      waiting.waits('waiting for room', space.fault);
      await wait(LOOK_EVERY);
      if (!ended.signal.aborted) continue;
      await folder.close();
      throw new MedsealError('CLOSED', { what: 'node' });
    }
  }

  async function wait(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = clock.after(milliseconds, resolve);
      ended.signal.addEventListener('abort', () => {
        cancel();
        resolve();
      });
    });
  }

  async function open(): Promise<RunningNode> {
    await untilRoom();
    if (withValidators !== undefined && runsValidator) await runValidator(withValidators);
    await untilNamed();
    try {
      const node = await openPresent();
      if (!alone) hearing ??= beginHearing(node.succession);
      return node;
    } catch (error) {
      await folder.close();
      throw error;
    }
  }

  /** Opens the node under the network file that is in force; again if that changes while it waits for the ledger. */
  async function openPresent(): Promise<RunningNode> {
    for (;;) {
      const attempt = new AbortController();
      const end = (): void => attempt.abort();
      ended.signal.addEventListener('abort', end);
      opening = { file: succession?.inForce(seconds(clock)), attempt };
      try {
        return await openOnce(attempt.signal);
      } catch (error) {
        if (ended.signal.aborted || !attempt.signal.aborted) throw error;
        await folder.renewKeys();
        await renewTls();
      } finally {
        ended.signal.removeEventListener('abort', end);
      }
    }
  }

  async function openOnce(signal: AbortSignal): Promise<RunningNode> {
    const patience = peers.timeout * 1000;
    const far = remoteOrganisations({
      ports,
      urls: addresses(),
      patience,
      ...(ledgerUrl !== undefined && { ledger: { url: ledgerUrl } }),
      trust: keptTrust(folder.files),
      onNetwork: (organisation, fingerprint) => hearing?.hint(organisation, fingerprint),
      onWaiting: (error) => waiting.waits('waiting for the ledger', error),
      signal,
    });
    const { accepts } = configuration.authority;
    const node = await openNode({
      folder,
      keepsFolder: true,
      succession,
      ports,
      ...(!alone && { far }),
      policy: configuration.checkpoints,
      quotas: configuration.quotas,
      fileBytes: configuration.limits.fileBytes,
      ...(accepts === 'approved' && { accepts: requireApproval }),
      full: () => space.fault,
      onFailure,
    });
    current = node;
    succession ??= node.succession;
    const [first] = folder.homes.map((home) => homeIn(node.file, home));
    const others = othersIn(node.file, hosts);
    logRestored(log, node.organisations);
    watch = await watchNode({
      node,
      clock,
      space,
      peers: new Map(
        first === undefined ? [] : others.map((name) => [name, far.peer(node.file, first, name)]),
      ),
      isSettled: () => settled,
      refused: hearing?.refused,
      validator,
      log,
    });
    endReturning = returning(node);
    openDoors(
      node,
      first && (await HeardAhead.open(first.folder.files, clock.now() + 1000 * MAX_SKEW)),
    );
    return node;
  }

  /** Waits for the moment from which a network file names this node: of one that joins, with its validator. */
  async function untilNamed(): Promise<void> {
    for (;;) {
      try {
        await requireNamed();
        return;
      } catch (error) {
        if (!isMedsealError(error, 'NOT_YET') || ended.signal.aborted) {
          await folder.close();
          throw error;
        }
        waiting.waits('waiting to join', error);
        await wait(LOOK_EVERY);
      }
    }
  }

  async function requireNamed(): Promise<void> {
    const known = await readSuccession(folder.files, ports);
    for (const { organisation } of folder.homes) {
      if (known !== undefined) requireMember(known.files, organisation, seconds(clock));
    }
  }

  /** The addresses of the nodes, by the file that is in force; the operator's own settings count first. */
  function addresses(): Map<Organisation, string> {
    const present = succession?.inForce(seconds(clock));
    return new Map([
      ...founded,
      // A file that names nodes is newer than the addresses of the founding.
      ...(present?.nodes ?? []).flatMap(({ organisation, url }) =>
        url === undefined ? [] : ([[organisation, url]] as const),
      ),
      ...Object.entries(peers.urls),
    ]);
  }

  function beginHearing(known: Succession): Hearing {
    const patience = Math.min(peers.timeout, 10) * 1000;
    return keepHearing({
      succession: known,
      clock,
      log,
      primitives: ports.primitives,
      sources: () => {
        const present = known.inForce(seconds(clock));
        const urls = addresses();
        const anyKey = identity;
        return othersIn(present, hosts).flatMap((organisation) => {
          const url = urls.get(organisation);
          const fetch = anyKey && { fetch: pinnedFetch(anyKey, organisation, true) };
          const { signal } = ended;
          const asked = { organisation, url: url ?? '', clock, patience, signal, ...fetch };
          const ask = async (from: number) => await askSuccessors(asked, from);
          return url === undefined ? [] : [{ organisation, ask }];
        });
      },
      confirm: async (successor) => await current?.confirm(successor),
    });
  }

  /** Goes on under another network file, once it is in force. */
  async function adoptIfDue(): Promise<void> {
    const next = succession?.inForce(seconds(clock));
    if (next === undefined || ended.signal.aborted) return;
    if (current === undefined) {
      if (opening?.file !== undefined && opening.file !== next) opening.attempt.abort();
      return;
    }
    if (isSameNetworkFile(current.file, next)) return;
    try {
      await adopt(current, next);
    } catch (error) {
      if (ended.signal.aborted) return;
      log.error('cannot go on', failureFields(error));
      failed.resolve(toMedsealError(error));
    }
  }

  async function adopt(node: RunningNode, next: NetworkFile): Promise<void> {
    const begun = clock.now();
    const number = (next.before ?? []).length;
    log.info('network file changes', { number });
    for (const door of Object.values(doors)) door.close();
    await drain.idle(Math.min(configuration.stop.timeout * 1000, ADOPT_PATIENCE));
    settled = false;
    current = undefined;
    await endReturning?.();
    await watch?.close();
    watch = undefined;
    endReturning = undefined;
    await node.close();
    await folder.renewKeys();
    await renewTls();
    await openPresent();
    log.info('network file changed', { number, ms: clock.now() - begun });
    void untilSettled();
  }

  /** Connections that were admitted under the file before end; others are admitted by the keys of the present one. */
  async function renewTls(): Promise<void> {
    identity = ownTls();
    if (peerServer === undefined || identity === undefined) return;
    const { port } = new URL(peerServer.url);
    await peerServer.close();
    await listenToPeers(Number(port));
  }

  async function runValidator({ began, present }: ValidatorNetwork): Promise<void> {
    const { files, homes } = folder;
    const organisation = homes[0]?.organisation ?? '';
    const { primitives } = ports;
    const own = { files, began, organisation, settings: configuration.validator };
    try {
      // That of an organisation that left is not started.
      await requireNamed().catch((error: unknown) => {
        if (!isMedsealError(error, 'NOT_YET')) throw error;
      });
      const networks = await present();
      const started = await startValidator({ ...own, networks, primitives, clock, log });
      validator = started;
      const admit = async (): Promise<void> => await started.admit(await present());
      endAdmitting = repeatedly(clock, ADMIT_EVERY, admit, onFailure);
    } catch (error) {
      await folder.close();
      throw error;
    }
  }

  /** Has a validator that was set aside return, from time to time until the end. */
  function returning({ file, organisations }: RunningNode): (() => Promise<void>) | undefined {
    const [organisation] = organisations.values();
    const contract = file.contracts.validators;
    if (validator === undefined || contract === undefined || organisation === undefined)
      return undefined;
    const options = { validator, contract, sender: organisation.sender, log };
    return repeatedly(clock, RETURN_EVERY, async () => await returnToWork(options), onFailure);
  }

  function openDoors(node: RunningNode, heard: HeardAhead | undefined): void {
    const agents = new Map(
      [...node.agents].map(([organisation, agent]) => [
        organisation,
        countOutcomes(agent, (counted) => metrics.outcome(organisation, counted)),
      ]),
    );
    const { limits } = configuration;
    const shared = { clock, random: ports.random };
    doors.agents.open(
      networkApp(agents, { ...doorway, limits, ...shared, onAnswer: answered('agents') }),
    );
    const ledger = node.ledger ?? (relays ? node.provider : undefined);
    if (ledger !== undefined)
      doors.ledger.open(ledgerApp(ledger, { onAnswer: answered('ledger') }));
    const [organisation] = hosts;
    if (alone || organisation === undefined || heard === undefined) return;
    const { primitives } = ports;
    const own = { network: node.file, organisation, primitives, clock };
    const isSuspended = (name: Organisation): boolean => node.isSuspended(name);
    const gate = new PeerGate({ ...own, heard, isSuspended });
    doors.peers.open(
      peerApp({
        ...own,
        gate,
        ports: node.openTo(organisation),
        tls: identity,
        succession: node.succession,
        ...(node.ledger && { ledger: node.ledger }),
        random: ports.random,
        onAnswer: answered('peers'),
      }),
    );
  }

  function answered(door: ListenerName): (each: AnsweredRequest) => void {
    return (each) => {
      metrics.answered(door, each);
      const { id, method, route, status, milliseconds } = each;
      const fields = { door, id, method, route, status, ms: Math.round(milliseconds * 10) / 10 };
      if (status >= 500) log.warn('request', fields);
      else if (status >= 400) log.info('request', fields);
      else log.debug('request', fields);
    };
  }

  /** Repeats the work that needs other organisations until it is done, for they start in any order. */
  async function untilSettled(): Promise<void> {
    settling ??= settle().finally(() => {
      settling = undefined;
    });
    await settling;
  }

  async function settle(): Promise<void> {
    while (!settled && !ended.signal.aborted) {
      const node = current;
      try {
        await node?.settle();
        // Another network file may be in force meanwhile.
        settled = node !== undefined && node === current;
        if (settled) log.info('ready', { entries: node === undefined ? 0 : entriesOf(node) });
      } catch (error) {
        if (ended.signal.aborted) return;
        if (node === current) waiting.waits('waiting for other organisations', error);
      }
      if (!settled) await wait(SETTLE_AGAIN);
    }
  }

  async function stop(
    begun: Promise<RunningNode>,
    endAdopting: () => Promise<void>,
  ): Promise<boolean> {
    log.info('stopping', { requests: drain.running });
    ended.abort();
    const drained = await drain.end(configuration.stop.timeout * 1000);
    await hearing?.close();
    await endAdopting();
    await peerServer?.close();
    for (const server of listening) await server.close();
    let clean = drained;
    // If the node is still being opened, that ends first: nothing may stay open.
    const isOpened = await begun.then(
      () => true,
      () => false,
    );
    await endLooking();
    await endReturning?.();
    await endAdmitting?.();
    await watch?.close();
    const unclean = (error: unknown): void => {
      clean = false;
      log.error('close failed', failureFields(error));
    };
    await current?.close().catch(unclean);
    if (isOpened) await folder.close().catch(unclean);
    await validator?.stop();
    log.info('stopped', { clean });
    return clean;
  }

  function onFailure(error: unknown): void {
    // Work that the end cuts off is done when the node is opened again.
    if (ended.signal.aborted && isMedsealError(error, 'CLOSED')) return;
    metrics.failed(toMedsealError(error).code);
    log.warn('background failure', failureFields(error));
  }
}

function freeBytesOf({ files }: NodeFolder): () => Promise<number | undefined> {
  return async () =>
    await statfs(files.path).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => undefined,
    );
}

/** The organisations that are in office; the logs of those that left stay. */
function othersIn(network: NetworkFile, hosts: readonly Organisation[]): Organisation[] {
  const all = network.channels.flatMap(({ coordinators }) =>
    coordinators.map(({ organisation }) => organisation),
  );
  return [...new Set(all)].filter((name) => !hosts.includes(name));
}

function entriesOf({ organisations }: RunningNode): number {
  let entries = 0;
  for (const { logs } of organisations.values()) {
    for (const log of logs.values()) entries += log.size;
  }
  return entries;
}
