import { KeyedLock } from '../../database/KeyedLock.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { PlacedCheckpoint } from '../../protocol/evidence/evidence.ts';
import type { LogName, Organisation } from '../../protocol/ids.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { completeEntries, type CompletionSources } from './completeEntries.ts';
import { copyLog, type CopyOptions } from './copyLog.ts';
import { inTurns } from './inTurns.ts';
import { blamed, type NamedPeer } from './NamedPeer.ts';
import { repairLog, type LogRepair } from './repairLog.ts';
import { settleUnknown } from './settleUnknown.ts';
import { takePresented, type PresentedTo, type TakenBack } from './takePresented.ts';

/** Options of `LogCopies`. */
export interface LogCopiesOptions
  extends Pick<CompletionSources, 'judged'>, Pick<CopyOptions, 'want' | 'entered'> {
  /** Every log of the channel: the organisation's own and its copies of the others. */
  readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  readonly peers: readonly NamedPeer[];
  /** Ends what is under way. */
  readonly signal: AbortSignal;
}

/** Copies entries of the channel's logs from peers, and makes damage good with what they hold. */
export class LogCopies {
  readonly #context: ServiceContext;
  readonly #options: LogCopiesOptions;
  /** Held by whoever changes a log by what peers say, and by whoever copies entries from a peer. */
  readonly #locks = new KeyedLock();

  constructor(context: ServiceContext, options: LogCopiesOptions) {
    this.#context = context;
    this.#options = options;
  }

  /**
   * The log of a name.
   * @throws MedsealError `NOT_FOUND`.
   */
  log(name: LogName): EvidenceLog {
    const log = this.#options.logs.get(name);
    if (log === undefined) throw new MedsealError('NOT_FOUND', { what: 'log' });
    return log;
  }

  /** Peers to ask for a log: first the organisation whose log it is. */
  peersFor({ identity }: EvidenceLog): NamedPeer[] {
    const [source, others] = [true, false].map((wanted) =>
      this.#options.peers.filter(({ name }) => (name === identity.organisation) === wanted),
    );
    return [...(source ?? []), ...(others ?? [])];
  }

  /** Copies the entries up to a checkpoint of another's log from there. */
  async notice(placed: PlacedCheckpoint): Promise<void> {
    const log = this.log(placed.checkpoint.log);
    const [source] = this.peersFor(log);
    // Of its own log it knows best.
    if (log.identity.organisation !== this.#context.organisation && source !== undefined) {
      await this.#copyFrom(source, log, placed);
    }
  }

  /**
   * Copies what peers hold of every log, and looks for what is missing of entries.
   * @param isFresh - False if the ledger could not be asked which logs are behind: then peers are asked for all of them.
   */
  async catchUp(isFresh: boolean): Promise<void> {
    const catching = [...this.#options.logs.values()].map(async (log) => {
      if (!isFresh || (await this.#lacks(log))) await this.#followPeers(log);
      await this.#settle(log);
    });
    await Promise.all(catching);
  }

  /** Takes entries of a log back that are in no copy, from coordinators that were shown them. */
  async takeBack(
    name: LogName,
    coordinators: ReadonlyMap<Organisation, PresentedTo>,
  ): Promise<TakenBack> {
    const { want, entered } = this.#options;
    return await this.#locks.run(name, async () => {
      const options = { log: this.log(name), want, entered, coordinators };
      return await takePresented(this.#context, options);
    });
  }

  /** Examines a log, and makes damage good with what peers hold. */
  async repair(log: EvidenceLog): Promise<LogRepair> {
    const options = { peers: this.peersFor(log), signal: this.#options.signal };
    return await this.#locks.run(log.identity.name, async () => {
      return await repairLog(this.#context, log, options);
    });
  }

  async #followPeers(log: EvidenceLog): Promise<void> {
    const follow = async (peer: NamedPeer): Promise<void> => {
      const latest = await peer.port.latestCheckpoint(log.identity.name);
      const known = (await log.latestCheckpoint())?.checkpoint.size ?? 0;
      if (latest !== undefined && latest.checkpoint.size > known) {
        await this.#copyFrom(peer, log, latest);
      }
    };
    await inTurns(this.#context.clock, this.peersFor(log), follow, () => log.size);
  }

  /** Tells whether the ledger holds a later checkpoint of a log than is here: no peer can have one that it does not. */
  async #lacks(log: EvidenceLog): Promise<boolean> {
    const known = (await log.latestCheckpoint())?.checkpoint.size ?? 0;
    return known < (this.#context.index.checkpoint(log.identity.id)?.size ?? 0);
  }

  async #settle(log: EvidenceLog): Promise<void> {
    await this.#locks.run(log.identity.name, async () => {
      if (this.#options.signal.aborted) return;
      await settleUnknown(this.#context, log, this.#options);
    });
  }

  async #copyFrom(peer: NamedPeer, log: EvidenceLog, placed: PlacedCheckpoint): Promise<void> {
    const { name } = log.identity;
    const { signal, want, entered } = this.#options;
    const options: CopyOptions = {
      log,
      peer: peer.port,
      want,
      entered,
      complete: async (entries) =>
        await completeEntries(this.#context, this.#options, name, entries, peer.name),
      alone: async (change) =>
        await this.#locks.run(name, async () => {
          if (signal.aborted) throw new MedsealError('CLOSED', { what: 'contributor' });
          await change();
        }),
    };
    await this.#locks.run(`${name} of ${peer.name}`, async () => {
      // It catches up when it runs again.
      if (signal.aborted) return;
      await blamed(peer, copyLog(this.#context, options, placed));
    });
  }
}
