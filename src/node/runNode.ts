import type { ErrorCode } from '../errors/catalogue.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { storageError } from '../errors/toPublicError.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import { seconds } from '../protocol/Clock.ts';
import type { OperatorState } from '../protocol/operator/OperatorPort.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import { listen, type Listening } from '../http/listen.ts';
import { readPortal, type Portal } from '../http/portal/readPortal.ts';
import type { Configuration } from './configuration/Configuration.ts';
import { requireApproval } from './founding/approvals.ts';
import { untilFounded } from './founding/untilFounded.ts';
import { keptTrust } from './keptTrust.ts';
import type { NodeFolder } from './NodeFolder.ts';
import { acceptEveryone } from './openAuthority.ts';
import { openNode, type RunningNode } from './openNode.ts';
import { createMetrics } from './operate/createMetrics.ts';
import { Drain } from './operate/Drain.ts';
import { failureFields } from './operate/failureFields.ts';
import { freeBytesIn } from './operate/freeBytesIn.ts';
import { FreeSpace } from './operate/FreeSpace.ts';
import type { Logger } from './operate/Logger.ts';
import { operateApp } from './operate/operateApp.ts';
import { WaitingLog } from './operate/WaitingLog.ts';
import { WAITS_FOR_DISK } from './operate/watchNode.ts';
import { createOperator } from './operator/createOperator.ts';
import { OperatorCode } from './operator/OperatorCode.ts';
import { operatorRoutes } from './operator/operatorRoutes.ts';
import { operatorState } from './operator/operatorState.ts';
import { pause } from './pause.ts';
import { remoteOrganisations } from './remoteOrganisations.ts';
import { configuredStores } from './configuration/configuredStores.ts';
import { repeatedly } from './repeatedly.ts';
import { doorApps } from './run/doorApps.ts';
import { Doors, type NodeUrls } from './run/Doors.ts';
import { KnownNetwork } from './run/KnownNetwork.ts';
import { NodeLife } from './run/NodeLife.ts';
import { othersIn } from './run/othersIn.ts';
import { requireNamed } from './run/requireNamed.ts';
import { readRole } from './run/readRole.ts';
import { tendNode, type OpenedNode } from './run/tendNode.ts';
import { homeIn } from './succession/homeIn.ts';
import { keepHearing, type Hearing } from './succession/keepHearing.ts';
import { SuccessorJudge } from './succession/SuccessorJudge.ts';
import { successorSources } from './succession/successorSources.ts';
import { openEngine } from './validator/openEngine.ts';
import { keepValidator } from './validator/keepValidator.ts';
import type { ValidatorProcess } from './validator/superviseValidator.ts';

/** Interval at which free disk space is checked, milliseconds. */
const LOOK_EVERY = 1000;
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

/** The state of a node that is not open. */
async function unopened(): Promise<undefined> {
  return await Promise.resolve(undefined);
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

/**
 * Runs the nodes of a folder: servers for parties, other organisations and the operator, which listen at once and tell
 * callers when to try again until the node is open.
 *
 * @param options - The folder, settings and ports.
 * @throws MedsealError `PORT_IN_USE`; `CONFIGURATION_INVALID` if a store's credentials are missing; `PORTAL_DAMAGED` as `readPortal` does;
 * `DEAL_INVALID`, `CEREMONY_INVALID` if a network that is founded by files cannot be completed.
 */
export async function runNode(options: RunOptions): Promise<NodeProcess> {
  const { folder, configuration, ports, log, version } = options;
  const { peers, operate } = configuration;
  const { clock } = ports;
  // Before a network that is founded by files is complete, nothing is known of it that parties could be served.
  const engine = openEngine(configuration.validator.program);
  const serve = async (waitsFor: () => string): Promise<Listening> => {
    const metrics = createMetrics(version, unopened);
    const app = operateApp(metrics, unopened, waitsFor, operate.names);
    return await listen(app, operate.port, operate.host, { limits: configuration.limits });
  };
  await untilFounded(folder, { ports, engine, log, serve }).catch(async (error: unknown) => {
    await folder.close();
    throw error;
  });
  const isServed = configuration.portal.serve === 'always';
  const portal = isServed ? await readPortal() : undefined;
  const openStore = await configuredStores(configuration.vault, ports);
  if (isServed && portal === undefined)
    log.warn('the portal is not built', { run: 'npm run prepare' });
  const role = await readRole(folder, configuration, ports);
  const { hosts, alone, ledgerUrl } = role;
  const known = await KnownNetwork.read({ folder, role, ports, urls: peers.urls });
  let hearing: Hearing | undefined;
  let validator: ValidatorProcess | undefined;
  const ended = new AbortController();
  const drain = new Drain(clock);
  const waiting = new WaitingLog(log, clock);
  const space = new FreeSpace(
    options.freeBytes ?? (async () => await freeBytesIn(folder.files.path)),
    configuration.disk.reserve,
  );
  await space.look();
  const endLooking = repeatedly(clock, LOOK_EVERY, async () => await space.look(), onFailure);
  const judge = new SuccessorJudge();
  const life = new NodeLife({
    clock,
    log,
    waiting,
    judge,
    ended: ended.signal,
    inForce: () => known.present,
    open: openPresent,
    async turnAway() {
      doors.turnAway();
      await drain.idle(Math.min(configuration.stop.timeout * 1000, ADOPT_PATIENCE));
    },
    async renew() {
      await folder.renewKeys();
      await doors.renew();
    },
    onFailure,
  });
  const state = life.state.bind(life);
  const metrics = createMetrics(version, state, hosts);
  const since = seconds(clock);
  const code = new OperatorCode(ports.random);
  const operator = createOperator({ node: () => life.node, state: stateForOperator, log });
  const operatorPages = operatorRoutes({ operator, code, portal: await ownPortal(), clock });
  const doors = await Doors.listen({
    role,
    configuration,
    drain,
    operate: operateApp(metrics, state, waitsFor, operate.names, operatorPages),
    ownIdentity: () => known.ownIdentity(),
  }).catch(async (error: unknown) => {
    await endLooking();
    await folder.close();
    throw error;
  });
  await code.write(folder.files, doors.urls.operate);
  log.info('starting', { version, pid: process.pid, hosts: hosts.join(',') });
  hear();
  const begun = open();
  const ready = begun.then(async (node) => {
    await life.settle();
    return life.node ?? node;
  });
  // Its caller handles a rejection; one that nobody waits for must not end the process.
  ready.catch(() => undefined);
  const broken = folder.halted.then((cause) => {
    log.error('a store takes no more writes', failureFields(cause));
    return storageError(cause);
  });
  let stopping: Promise<boolean> | undefined;
  return {
    get urls() {
      return doors.urls;
    },
    get validator() {
      return validator;
    },
    ready,
    get node() {
      return life.node;
    },
    broken: Promise.race([broken, life.failed]),
    stop: async () => await (stopping ??= stop()),
  };

  /** The operator's page is there though parties get no portal. */
  async function ownPortal(): Promise<Portal | undefined> {
    return portal ?? (await readPortal().catch(() => undefined));
  }

  async function stateForOperator(): Promise<OperatorState> {
    const about = {
      version,
      since,
      organisations: hosts,
      portal: portal?.sha256,
      quotas: configuration.quotas,
      reserve: configuration.disk.reserve,
      free: space.free,
      counted: await metrics.counted(),
      backedUp: folder.backedUp,
      opening: waitsFor(),
    };
    return operatorState(about, life.node?.file, await state());
  }

  function waitsFor(): string {
    return space.fault === undefined ? 'the ledger and the stores to open' : WAITS_FOR_DISK;
  }

  /** Opens the node for the first time, once there is room for it and it is named; first of all its validator. */
  async function open(): Promise<RunningNode> {
    try {
      // Stores write when they are opened.
      await untilPasses('STORAGE_FULL', 'waiting for room', async () => {
        await Promise.resolve();
        if (space.fault !== undefined) throw space.fault;
      });
      validator = await runValidator();
      // Of one that joins, a network file to come names it.
      const isNamed = async (): Promise<void> => await requireNamed(folder, ports);
      await untilPasses('NOT_YET', 'waiting to join', isNamed);
      return await life.open();
    } catch (error) {
      await folder.close();
      throw error;
    }
  }

  /** Repeats a check while it fails for a reason that passes. */
  async function untilPasses(
    code: ErrorCode,
    event: string,
    check: () => Promise<void>,
  ): Promise<void> {
    for (;;) {
      try {
        await check();
        return;
      } catch (error) {
        if (!isMedsealError(error, code)) throw error;
        waiting.waits(event, error);
      }
      await pause(clock, LOOK_EVERY, ended.signal);
      if (ended.signal.aborted) throw new MedsealError('CLOSED', { what: 'node' });
    }
  }

  async function runValidator(): Promise<ValidatorProcess | undefined> {
    const { validating: network } = role;
    const [organisation] = hosts;
    if (network === undefined || organisation === undefined) return undefined;
    // That of an organisation that left is not started.
    await requireNamed(folder, ports).catch((error: unknown) => {
      if (!isMedsealError(error, 'NOT_YET')) throw error;
    });
    const { files } = folder;
    const { primitives } = ports;
    const settings = configuration.validator;
    const own = { files, organisation, settings, keys: await folder.validatorKeys() };
    return await keepValidator({ ...own, network, primitives, clock, log, onFailure });
  }

  /** Opens the node under the network file in force, and serves it. */
  async function openPresent(signal: AbortSignal, onUnreached: () => void): Promise<OpenedNode> {
    const far = remoteOrganisations({
      ports,
      urls: known.urls,
      patience: peers.timeout * 1000,
      ...(ledgerUrl !== undefined && { ledger: { url: ledgerUrl } }),
      trust: keptTrust(folder.files),
      onNetwork: (organisation, fingerprint) => hearing?.hint(organisation, fingerprint),
      onWaiting: (error) => {
        waiting.waits('waiting for the ledger', error);
        onUnreached();
      },
      signal,
    });
    const { accepts } = configuration.authority;
    const node = await openNode({
      folder,
      keepsFolder: true,
      succession: known.succession,
      ports,
      ...(!alone && { far }),
      policy: configuration.checkpoints,
      quotas: configuration.quotas,
      fileBytes: configuration.limits.fileBytes,
      openStore,
      accepts: accepts === 'everyone' ? acceptEveryone : requireApproval,
      full: () => space.fault,
      portal,
      onFailure,
    });
    known.founded(node.succession);
    hear();
    const [home] = folder.homes.map((each) => homeIn(node.file, each));
    const opened = await tendNode(node, {
      clock,
      space,
      peers: () => {
        if (home === undefined) return new Map();
        const others = othersIn(node.file, hosts);
        return new Map(others.map((name) => [name, far.peer(node.file, home, name)]));
      },
      refused: hearing?.refused,
      validator,
      log,
      onFailure,
    });
    const { identity } = doors;
    try {
      doors.open(
        await doorApps(node, { role, configuration, portal, home, identity, metrics, log }),
      );
      return opened;
    } catch (error) {
      await opened.close().catch(onFailure);
      throw error;
    }
  }

  /** Begins to ask other nodes for successors, once a network file is known. */
  function hear(): void {
    const { succession } = known;
    const isDue = hearing === undefined && !alone && !ended.signal.aborted;
    if (succession === undefined || !isDue) return;
    hearing = keepHearing({
      succession,
      clock,
      log,
      primitives: ports.primitives,
      sources: () =>
        successorSources({
          others: othersIn(succession.inForce(seconds(clock)), hosts),
          urls: known.urls,
          identity: doors.identity,
          clock,
          timeout: peers.timeout,
          signal: ended.signal,
        }),
      confirm: async (successor) => await judge.confirm(successor),
    });
  }

  async function stop(): Promise<boolean> {
    log.info('stopping', { requests: drain.running });
    ended.abort();
    judge.end();
    let clean = await drain.end(configuration.stop.timeout * 1000);
    await hearing?.close();
    await life.endChanges();
    await doors.close();
    // If the node is still being opened, that ends first: nothing may stay open.
    const isOpened = await begun.then(
      () => true,
      () => false,
    );
    await endLooking();
    await code.remove(folder.files).catch(onFailure);
    const unclean = (error: unknown): void => {
      clean = false;
      log.error('close failed', failureFields(error));
    };
    await life.close().catch(unclean);
    // The lock of the folder is that of the validator too.
    await validator?.stop();
    if (isOpened) await folder.close().catch(unclean);
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
