import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { INCLUSION_WINDOW } from '../coordinator/promiseBodies.ts';
import type { Coordinator } from '../coordinator/createCoordinator.ts';
import { nodeBehind, learnMissed, type MissedSources } from './learnMissed.ts';
import { keepJudged, type JudgedBodies } from './keepJudged.ts';
import { findForgotten, type Remembering } from './findForgotten.ts';
import { othersToHear } from './othersToHear.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { shareNext } from '../shareNext.ts';

/** Seconds after its window for which a promise may bind, as clocks differ. */
const MARGIN = 10;
/** Seconds for which nobody else may go on with its log: a node that was not stopped checkpoints sooner. */
const QUIET = 10;
/** Milliseconds of waiting for each of the others when a node starts without a sign that it was restored. */
const PATIENCE = 2000;
/** Of somebody who did not answer. */
const unknown = Symbol('unknown');

/** Options of `createRejoining`. */
export interface RejoiningOptions extends Omit<MissedSources, 'coordinator' | 'least'> {
  /** When it was restored, by the clock of then, Unix seconds; absent if nothing says that it was. */
  readonly restoredAt?: number;
  /** True if other organisations went on meanwhile: not if all of the network was restored with it. */
  readonly othersWentOn: boolean;
  readonly coordinator: Pick<Coordinator, 'adopt' | 'lastSigned' | 'returned' | 'repairLists'>;
  /** The contributors of the others. */
  readonly copiers: ReadonlyMap<Organisation, Remembering['contributor']>;
  readonly judged: JudgedBodies;
  /** Notes durably that the organisation was rolled back; resolves once it is. */
  readonly onRolledBack: () => Promise<void>;
}

/** Has an organisation that was restored, or rolled back by other means, learn what it missed. */
export interface Rejoining {
  /** True if it knows all that others can tell, and so serves again. */
  readonly learnt: boolean;
  /** True once, beyond that, no verdict binds that it may have given and forgotten, so that it judges again. */
  readonly done: boolean;
  /** Reason that either is not so yet. */
  readonly failure: MedsealError;
  /** Number of the other organisations that it must hear to learn what it missed, and all of them. */
  readonly needs: { readonly least: number; readonly others: readonly Organisation[] };
  /**
   * Asks those of the others that were not heard yet whether they can prove that this organisation forgot what it signed;
   * from then on it has to learn that. One that does not answer soon is asked again the next time.
   * @throws MedsealError `FOLDER_UNWRITABLE` if that cannot be noted.
   */
  look(): Promise<void>;
  /**
   * Goes on, until it has learnt all, or is done; safe to repeat.
   * @throws MedsealError `NODE_BEHIND`, with what it does not know yet, or what is lost; to be tried again.
   * `NODE_DOUBLED` if somebody else goes on with its log.
   */
  go(): Promise<void>;
}

/**
 * Has an organisation learn what it missed before it signs or answers anything, if it was restored from a backup, or
 * others prove that its folder was rolled back. It may have forgotten what it signed itself: it takes back from peers
 * every entry that they hold, and remembers the newest checkpoint of each log that anybody signed. Nobody can prove
 * which verdicts it gave and that there are no others; so it gives none before every promise that it may have forgotten
 * is due. Enough others judge meanwhile.
 *
 * @param context - The organisation's context.
 * @param options - Logs, peers, coordinator.
 */
export function createRejoining(context: ServiceContext, options: RejoiningOptions): Rejoining {
  const { network, organisation, clock, index } = context;
  const { logs, coordinator, others } = options;
  let { othersWentOn } = options;
  // The clock that noted the moment may have been slow, but the restore was certainly before this process began.
  let restoredAt = options.restoredAt && Math.max(options.restoredAt, seconds(clock));
  const least = Math.max(
    ...[...logs.keys()].map((name) => othersToHear(logOf(network, name).channel)),
  );
  /** Organisations that may still prove that this one forgot something. */
  const unheard = new Set(restoredAt === undefined ? others.keys() : []);
  /** Length of its own log, by the ledger or by the folder, when the ledger was first asked. */
  let first: number | undefined;
  /** When that was, Unix seconds. */
  let asked: number | undefined;
  /** True if others told all that they can. */
  let told = false;
  let failure = nodeBehind('it has not asked yet');
  let learnt = restoredAt === undefined;
  let done = learnt;
  const goOn = shareNext(async () => {
    if (done) return;
    const isDue = left() <= 0;
    if (!learnt) await learn();
    // Keeps entries that it judged before, and that were entered since it learnt.
    else if (isDue) await keepAllJudged();
    learnt = true;
    done = isDue;
  });

  return {
    needs: { least, others: [...others.keys()] },
    get learnt() {
      return learnt;
    },
    get done() {
      return done;
    },
    get failure() {
      if (!learnt) return failure;
      return nodeBehind(`verdicts that it may have given bind for ${Math.max(left(), 0)} s more`);
    },
    look: shareNext(async () => {
      const lookings = [...unheard].map(async (name) => {
        const forgotten = await soon(lookAt(name)).catch((): typeof unknown => unknown);
        if (forgotten === unknown) return;
        unheard.delete(name);
        if (forgotten !== undefined && learnt) await begin(forgotten);
      });
      await Promise.all(lookings);
    }),
    async go() {
      try {
        await goOn();
      } catch (error) {
        if (error instanceof MedsealError) failure = error;
        throw error;
      }
    },
  };

  async function lookAt(name: Organisation): Promise<string | undefined> {
    const [asks, copies] = [others.get(name), options.copiers.get(name)];
    if (asks === undefined || copies === undefined) return undefined;
    await index.refresh();
    const own = { logs, coordinator, address: options.judged.address };
    return await findForgotten(context, own, { coordinator: asks, contributor: copies });
  }

  /** Returns the answer if it comes within a while; a peer that hangs holds up no start. */
  async function soon<Answer>(answer: Promise<Answer>): Promise<Answer | typeof unknown> {
    return await new Promise((resolve, reject) => {
      const cancel = clock.after(PATIENCE, () => resolve(unknown));
      answer.finally(cancel).then(resolve, reject);
    });
  }

  async function begin(forgotten: string): Promise<void> {
    learnt = false;
    done = false;
    // Otherwise they could prove nothing.
    othersWentOn = true;
    restoredAt = seconds(clock);
    failure = nodeBehind(`others prove that its folder was rolled back: ${forgotten}`);
    await options.onRolledBack();
  }

  async function learn(): Promise<void> {
    await index.refresh();
    requireAlone();
    asked ??= seconds(clock);
    if (!told) {
      await learnMissed(context, { ...options, least });
      await keepAllJudged();
      told = true;
    }
    const quiet = asked + QUIET - seconds(clock);
    if (othersWentOn && quiet > 0) {
      throw nodeBehind(
        `it looks for ${quiet} s more whether the node that was backed up still runs`,
      );
    }
    if (othersWentOn) await coordinator.returned();
  }

  async function keepAllJudged(): Promise<void> {
    for (const log of logs.values()) await keepJudged(log, options.judged);
    await coordinator.repairLists();
  }

  /** Seconds for which a verdict that it gave before the restore may still bind. */
  function left(): number {
    if (!othersWentOn || restoredAt === undefined) return 0;
    return restoredAt + INCLUSION_WINDOW + MARGIN - seconds(clock);
  }

  /** Nobody adds to its log while it does not: if somebody does, the original node still runs. */
  function requireAlone(): void {
    for (const log of logs.values()) {
      if (log.identity.organisation !== organisation) continue;
      const size = index.checkpoint(log.identity.id)?.size ?? 0;
      // Its own entries may still come to the ledger, so it may notice while at work that it forgot something.
      first ??= Math.max(size, log.size);
      if (size > first) throw new MedsealError('NODE_DOUBLED', { size, known: first });
    }
  }
}
