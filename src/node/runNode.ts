import { isMedsealError } from '../errors/isMedsealError.ts';
import type { MedsealError } from '../errors/MedsealError.ts';
import { storageError } from '../errors/toPublicError.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import { seconds } from '../protocol/Clock.ts';
import { nodeReason, reasonText, type NodeReason } from '../protocol/operator/nodeReasons.ts';
import type { OperatorState } from '../protocol/operator/OperatorPort.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import { readPortal, type Portal } from '../http/portal/readPortal.ts';
import type { Configuration } from './configuration/Configuration.ts';
import type { NodeFolder } from './NodeFolder.ts';
import type { RunningNode } from './openNode.ts';
import { createMetrics } from './operate/createMetrics.ts';
import { Drain } from './operate/Drain.ts';
import { failureFields } from './operate/failureFields.ts';
import type { Logger } from './operate/Logger.ts';
import { operateApp } from './operate/operateApp.ts';
import { createOperator } from './operator/createOperator.ts';
import { OperatorCode } from './operator/OperatorCode.ts';
import { operatorRoutes } from './operator/operatorRoutes.ts';
import { readSignedSuccessor } from '../folder/SignedSuccessor.ts';
import { operatorState, type ProcessAbout } from './operator/operatorState.ts';
import { repeatedly } from './repeatedly.ts';
import { Doors, type NodeUrls } from './run/Doors.ts';
import { NodeLife } from './run/NodeLife.ts';
import type { Hearing } from './succession/keepHearing.ts';
import { SuccessorJudge } from './succession/SuccessorJudge.ts';
import { awaitedToken } from './token/followToken.ts';
import { awaitedProgram } from './validator/awaitedProgram.ts';
import type { ValidatorProcess } from './validator/superviseValidator.ts';
import { awaitedSigner } from './validator/RemoteSigner.ts';
import { unnamedKey } from './validator/unnamedKey.ts';
import { beginRun } from './run/beginRun.ts';
import { hearOthers } from './run/hearOthers.ts';
import { openPresent } from './run/openPresent.ts';
import { prepareRun } from './run/prepareRun.ts';
import type { RunContext } from './run/RunContext.ts';

/** Interval at which free disk space and the token are checked, milliseconds. */
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
  /** True if it is to wait for another machine's node of the same organisation, and to take over from it. */
  readonly isStandby?: boolean | undefined;
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
 * `STANDBY_REFUSED` if no other machine's node could go on for it; `DEAL_INVALID`, `CEREMONY_INVALID` if a network that is founded by files cannot be completed.
 */
export async function runNode(options: RunOptions): Promise<NodeProcess> {
  const { folder, configuration, ports, log, version } = options;
  const ended = new AbortController();
  const context = await prepareRun({ ...options, ended: ended.signal, onFailure });
  const { role, known, waiting, standby } = context;
  const operatorPage = await operatorPortal(context.portal);
  const sayOpening = (): string => reasonText(reasonToWait(context, validator));
  let hearing: Hearing | undefined;
  let validator: ValidatorProcess | undefined;
  const drain = new Drain(ports.clock);
  const endLooking = repeatedly(ports.clock, LOOK_EVERY, context.look, onFailure);
  const judge = new SuccessorJudge();
  const life = new NodeLife({
    clock: ports.clock,
    log,
    waiting,
    judge,
    ended: ended.signal,
    known,
    hold: (milliseconds) => doors.hold(milliseconds),
    open: async (signal, onUnreached) =>
      await openPresent(context, {
        doors,
        metrics,
        validator,
        hearing: () => hearing,
        onKnown({ succession }) {
          known.founded(succession);
          hear();
        },
        signal,
        onUnreached,
      }),
    turnAway: async () =>
      await doors.turnAway(Math.min(configuration.stop.timeout * 1000, ADOPT_PATIENCE)),
    async renew() {
      await folder.renewKeys();
      await doors.renew();
    },
    onFailure,
  });
  const state = life.state.bind(life);
  const metrics = createMetrics(version, state, role.hosts);
  const since = seconds(ports.clock);
  const code = new OperatorCode(ports.random);
  const runs = { node: () => life.node, validator: () => validator };
  const operator = createOperator({ ...runs, state: stateForOperator, log });
  const pages = operatorRoutes({ operator, code, portal: operatorPage, clock: ports.clock });
  const doors = await Doors.listen({
    ...context,
    drain,
    clock: ports.clock,
    mayAnswer: context.held.areHeld,
    operate: operateApp(metrics, state, sayOpening, configuration.operate.names, pages),
    ownIdentity: () => known.ownIdentity(),
  }).catch(async (error: unknown) => {
    await endLooking();
    await folder.close();
    throw error;
  });
  await code.write(folder.files, doors.urls.operate);
  log.info('starting', { version, pid: process.pid, hosts: role.hosts.join(',') });
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

  async function stateForOperator(): Promise<OperatorState> {
    const counted = await metrics.counted();
    const now = { version, since, counted, succession: life.node?.succession };
    const opening = reasonToWait(context, validator);
    const about = { ...(await aboutRun(context)), ...now, opening };
    return operatorState(about, life.node?.file, await state());
  }

  /** Opens the node for the first time; its validator first of all. */
  async function open(): Promise<RunningNode> {
    try {
      await beginRun(context, (started) => (validator = started));
      return await life.open();
    } catch (error) {
      await folder.close();
      throw error;
    }
  }

  /** Begins to ask other nodes for successors, once a network file is known. */
  function hear(): void {
    hearing ??= hearOthers(context, doors, judge);
  }

  async function stop(): Promise<boolean> {
    log.info('stopping', { requests: drain.running });
    ended.abort();
    judge.end();
    doors.endParties();
    await life.handOver();
    doors.end();
    let clean = await drain.end(configuration.stop.timeout * 1000);
    await hearing?.close();
    await life.endChanges();
    await doors.close();
    // If the node is still being opened, that ends first: nothing may stay open.
    const isOpened = await begun.then(() => true).catch(() => false);
    await endLooking();
    await code.remove(folder.files).catch(onFailure);
    const unclean = (error: unknown): void => {
      clean = false;
      log.error('close failed', failureFields(error));
    };
    await life.close().catch(unclean);
    await standby?.release().catch(unclean);
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

/** Returns the reason that the node is not open yet. */
function reasonToWait(
  { folder, space, standby, known, role, ports }: RunContext,
  validator: ValidatorProcess | undefined,
): NodeReason {
  const [lacking] = awaitedProgram(validator?.programs.lacking);
  if (lacking !== undefined) return lacking;
  const [token] = awaitedToken(folder.token);
  if (token !== undefined) return token;
  const [signer] = awaitedSigner(validator?.signer);
  if (signer !== undefined) return signer;
  if (space.fault !== undefined) return nodeReason('disk');
  const [unnamed] = unnamedKey(validator, known.succession, role.hosts, seconds(ports.clock));
  if (unnamed !== undefined) return unnamed;
  return standby?.waitsFor ?? nodeReason('opening');
}

/** The operator's page is there though parties get no portal. */
async function operatorPortal(portal: Portal | undefined): Promise<Portal | undefined> {
  return portal ?? (await readPortal().catch(() => undefined));
}

/** Returns those parts of the operator's page that come from a process's settings and folder. */
async function aboutRun({
  folder,
  configuration,
  role,
  space,
  portal,
}: RunContext): Promise<
  Omit<ProcessAbout, 'version' | 'since' | 'counted' | 'succession' | 'opening'>
> {
  return {
    organisations: role.hosts,
    portal: portal?.sha256,
    quotas: configuration.quotas,
    reserve: configuration.disk.reserve,
    free: space.free,
    backedUp: folder.backedUp,
    // A malformed file is the concern of who signs next, and keeps nobody from the state.
    signed: (await readSignedSuccessor(folder.files).catch(() => undefined))?.message,
  };
}
