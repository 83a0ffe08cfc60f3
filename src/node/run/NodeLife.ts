import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import { endsWithin } from '../../protocol/endsWithin.ts';
import { isSameNetworkFile } from '../../protocol/network/isSameNetworkFile.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { numberOf } from '../../protocol/wire/numberOf.ts';
import type { RunningNode } from '../openNode.ts';
import { failureFields } from '../operate/failureFields.ts';
import type { Logger } from '../operate/Logger.ts';
import type { NodeState } from '../operate/NodeState.ts';
import type { WaitingLog } from '../operate/WaitingLog.ts';
import { pause } from '../pause.ts';
import { REACHABLE_LATER } from '../remoteOrganisations.ts';
import { repeatedly } from '../repeatedly.ts';
import type { SuccessorJudge } from '../succession/SuccessorJudge.ts';
import type { KnownNetwork } from './KnownNetwork.ts';
import type { OpenedNode } from './tendNode.ts';

/** Milliseconds between two looks whether another network file is in force. */
const ADOPT_EVERY = 1000;
/**
 * Milliseconds before another network file is in force from which parties wait: others' clocks may be that far ahead, and a
 * request under way would be refused by nodes that are closed already.
 */
const HOLD_BEFORE = 1000;
/** Time until a node that could not open or settle tries again, milliseconds. */
const TRY_AGAIN = 1000;
/** Milliseconds that a process which ends waits until others have its last entries. */
const HAND_OVER = 2000;
/**
 * Milliseconds after which a ledger that is not reached counts as one that cannot be: at a start its own validator answers
 * nothing yet, and under another network file all nodes are closed together.
 */
const UNREACHED_AFTER = 60_000;

/** Options of `NodeLife`. */
export interface LifeOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly waiting: Pick<WaitingLog, 'waits'>;
  /** Compares successors that are heard with the ledger. */
  readonly judge: Pick<SuccessorJudge, 'closed' | 'unreached' | 'opened'>;
  /** Aborted once the process ends. */
  readonly ended: AbortSignal;
  /** The network file in force, and the second at which another one is. */
  readonly known: Pick<KnownNetwork, 'present' | 'changesAt'>;
  /** Lets new requests of parties wait, for so many milliseconds at most; those under way go on. */
  readonly hold: (milliseconds: number) => void;
  /**
   * Opens the node under the network file in force, and serves it.
   *
   * @param signal - Ends its wait for the ledger.
   * @param onUnreached - To be called each time that the ledger was not reached.
   */
  readonly open: (signal: AbortSignal, onUnreached: () => void) => Promise<OpenedNode>;
  /** Turns new requests away, and lets those under way end. */
  readonly turnAway: () => Promise<void>;
  /** Goes by the keys of the network file in force; called before each opening, while the node is closed. */
  readonly renew: () => Promise<void>;
  /** Called with failures in the background. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * The life of a node from its first opening to the end of its process: it settles, and when another network file comes in
 * force, is closed and opened again under that one.
 */
export class NodeLife {
  readonly #options: LifeOptions;
  readonly #failed = Promise.withResolvers<MedsealError>();
  #opened: OpenedNode | undefined;
  /** The opening under way. */
  #attempt: { readonly file: NetworkFile | undefined; giveUp(): void } | undefined;
  #change: Promise<void> | undefined;
  #settling: Promise<void> | undefined;
  #endLooking: (() => Promise<void>) | undefined;
  /** The moment for which timers wait, Unix seconds, and the end of their wait. */
  #awaited: { readonly at: number; cancel(): void } | undefined;

  /** @param options - The parts that it opens and closes. */
  constructor(options: LifeOptions) {
    this.#options = options;
  }

  /** The node as it runs now; undefined while none is open. */
  get node(): RunningNode | undefined {
    return this.#opened?.node;
  }

  /** Resolves with the failure, once the node cannot go on under another network file. */
  get failed(): Promise<MedsealError> {
    return this.#failed.promise;
  }

  /** State of the node; undefined while none is open. */
  async state(): Promise<NodeState | undefined> {
    return await this.#opened?.state();
  }

  /**
   * Opens the node for the first time, and looks from now on whether another network file is in force.
   *
   * @throws MedsealError as `openNode` does; `CLOSED` if the process ends already.
   */
  async open(): Promise<RunningNode> {
    const { clock, ended, onFailure } = this.#options;
    if (ended.aborted) throw new MedsealError('CLOSED', { what: 'node' });
    const look = async (): Promise<void> => await Promise.resolve(this.#look());
    this.#endLooking = repeatedly(clock, ADOPT_EVERY, look, onFailure);
    const { node } = await this.#openPresent();
    return node;
  }

  /** Repeats the work that needs other organisations until it is done, for they start in any order. */
  async settle(): Promise<void> {
    this.#settling ??= this.#settle().finally(() => {
      this.#settling = undefined;
    });
    await this.#settling;
  }

  /** Adopts no other network file from now on; resolves once none is being adopted. */
  async endChanges(): Promise<void> {
    await this.#endLooking?.();
    this.#awaited?.cancel();
    await this.#change;
  }

  /** Has the others copy the last entries, while they can still be asked for. */
  async handOver(): Promise<void> {
    const handed = this.#opened?.node.handOver();
    if (handed !== undefined) await endsWithin(this.#options.clock, HAND_OVER, handed);
  }

  /** Closes the node, if it is open. */
  async close(): Promise<void> {
    await this.#opened?.close();
  }

  /** Begins to adopt another network file, once it is in force. */
  #look(): void {
    const next = this.#options.known.present;
    if (next === undefined || this.#options.ended.aborted) return;
    const opened = this.#opened;
    if (opened === undefined) {
      const file = this.#attempt?.file;
      if (file !== undefined && !isSameNetworkFile(file, next)) this.#attempt?.giveUp();
      return;
    }
    if (this.#change !== undefined) return;
    if (isSameNetworkFile(opened.node.file, next)) {
      this.#await();
      return;
    }
    this.#change = this.#adopt(opened, next)
      .catch((error: unknown) => {
        if (this.#options.ended.aborted) return;
        this.#options.log.error('cannot go on', failureFields(error));
        this.#failed.resolve(toMedsealError(error));
      })
      .finally(() => {
        this.#change = undefined;
      });
  }

  /** Waits for the moment of a change that is near: all nodes close at it, and none while requests of parties are under way. */
  #await(): void {
    const { clock, known, hold } = this.#options;
    const at = known.changesAt;
    if (at === undefined || this.#awaited?.at === at) return;
    const left = 1000 * at - clock.now();
    if (left > HOLD_BEFORE + ADOPT_EVERY) return;
    this.#awaited?.cancel();
    const timers = [
      clock.after(Math.max(0, left - HOLD_BEFORE), () => hold(2 * HOLD_BEFORE)),
      clock.after(Math.max(0, left), () => {
        // A timer may be early, and a clock be set back: then it is waited for again.
        this.#awaited = undefined;
        this.#look();
      }),
    ];
    const cancel = (): void => {
      for (const each of timers) each();
    };
    this.#awaited = { at, cancel };
  }

  async #adopt(before: OpenedNode, next: NetworkFile): Promise<void> {
    const { clock, log, judge, ended, turnAway } = this.#options;
    const begun = clock.now();
    log.info('network file changes', { number: numberOf(next) });
    await turnAway();
    if (ended.aborted) return;
    this.#opened = undefined;
    judge.closed();
    await before.close();
    const { node } = await this.#openPresent();
    const ms = clock.now() - begun;
    log.info('network file changed', { number: numberOf(node.file), ms });
    void this.settle();
  }

  /**
   * Opens the node under the network file in force; again if that changes meanwhile, for the endpoint has the keys of before
   * and an opening between two files fails, and if the ledger was reached and then lost: all nodes close at the same moment, the one that keeps it too.
   */
  async #openPresent(): Promise<OpenedNode> {
    const { clock, judge, waiting, ended, known, open, renew, turnAway } = this.#options;
    const begun = clock.now();
    const onUnreached = (): void => {
      if (clock.now() - begun >= UNREACHED_AFTER) judge.unreached();
    };
    for (;;) {
      const other = new AbortController();
      const file = known.present;
      this.#attempt = { file, giveUp: () => other.abort() };
      let opened: OpenedNode;
      try {
        await renew();
        opened = await open(AbortSignal.any([ended, other.signal]), onUnreached);
      } catch (error) {
        if (ended.aborted) throw error;
        const isOther = !isSamePresent(file, known.present);
        if (other.signal.aborted || isOther) continue;
        if (!REACHABLE_LATER.has(toMedsealError(error).code)) throw error;
        waiting.waits('waiting for the ledger', error);
        onUnreached();
        await pause(clock, TRY_AGAIN, ended);
        if (ended.aborted) throw error;
        continue;
      } finally {
        this.#attempt = undefined;
      }
      const isOther = !isSamePresent(file, opened.node.file);
      if (!isOther && !other.signal.aborted) {
        this.#opened = opened;
        judge.opened(opened.node);
        return opened;
      }
      await turnAway();
      await opened.close();
      if (ended.aborted) throw new MedsealError('CLOSED', { what: 'node' });
    }
  }

  async #settle(): Promise<void> {
    const { clock, log, waiting, ended } = this.#options;
    while (this.#opened?.isSettled !== true && !ended.aborted) {
      const opened = this.#opened;
      try {
        await opened?.settle();
        // Another network file may be in force meanwhile.
        if (opened !== undefined && opened === this.#opened) {
          log.info('ready', { entries: entriesOf(opened.node) });
          return;
        }
      } catch (error) {
        if (ended.aborted) return;
        if (opened === this.#opened) waiting.waits('waiting for other organisations', error);
      }
      await pause(clock, TRY_AGAIN, ended);
    }
  }
}

/** Tells whether a file that was in force, if one was known, is that of now. */
function isSamePresent(file: NetworkFile | undefined, now: NetworkFile | undefined): boolean {
  return file === undefined || now === undefined || isSameNetworkFile(file, now);
}

function entriesOf({ organisations }: RunningNode): number {
  let entries = 0;
  for (const { logs } of organisations.values()) {
    for (const log of logs.values()) entries += log.size;
  }
  return entries;
}
