import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { LogName, Organisation } from '../../protocol/ids.ts';
import type { LogIdentity } from '../../protocol/network/NetworkFile.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { INCLUSION_WINDOW } from '../coordinator/judgeBodies.ts';
import type { PresentedTo } from '../contributor/takePresented.ts';
import type { Contributor } from '../contributor/createContributor.ts';
import type { Coordinator } from '../coordinator/createCoordinator.ts';
import { isProvenEdge } from './isProvenEdge.ts';
import { keepJudged, type JudgedBodies } from './keepJudged.ts';
import { findForgotten, type Remembering } from './findForgotten.ts';
import { othersToHear } from './othersToHear.ts';
import type { CoordinatorPort, SignedEdge } from '../ports.ts';
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
export interface RejoiningOptions {
  /** When it was restored, by the clock of then, Unix seconds; absent if nothing says that it was. */
  readonly restoredAt?: number;
  /** True if other organisations went on meanwhile: not if all of the network was restored with it. */
  readonly othersWentOn: boolean;
  readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  readonly coordinator: Pick<Coordinator, 'adopt' | 'lastSigned' | 'returned' | 'repairLists'>;
  readonly contributor: Pick<Contributor, 'catchUp' | 'takeBack' | 'takeDeposits'>;
  /** The other organisations' coordinators. */
  readonly others: ReadonlyMap<
    Organisation,
    Pick<CoordinatorPort, 'lastSigned' | keyof PresentedTo>
  >;
  /** Their contributors. */
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
  const { network, organisation, clock, index, primitives } = context;
  const { logs, coordinator, contributor, others } = options;
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
  let failure = behind('it has not asked yet');
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
      return behind(`verdicts that it may have given bind for ${Math.max(left(), 0)} s more`);
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
    failure = behind(`others prove that its folder was rolled back: ${forgotten}`);
    await options.onRolledBack();
  }

  async function learn(): Promise<void> {
    await index.refresh();
    requireAlone();
    asked ??= seconds(clock);
    if (!told) {
      await contributor.catchUp();
      for (const log of logs.values()) await learnSigned(log);
      await learnDeposits();
      await keepAllJudged();
      told = true;
    }
    const quiet = asked + QUIET - seconds(clock);
    if (othersWentOn && quiet > 0) {
      throw behind(`it looks for ${quiet} s more whether the node that was backed up still runs`);
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

  async function learnSigned(log: EvidenceLog): Promise<void> {
    const { name, id, organisation: owner } = log.identity;
    const held = index.checkpoint(id);
    // Verdicts prove entries that were presented before the log's key changed, and after that this copy does.
    if (owner === organisation) await takeBack(log);
    const signed = await askOthers(log);
    if (held !== undefined) {
      await requireEntries(log, held);
      await coordinator.adopt(name, await edgeAt(log, held.size));
    }
    for (const each of signed) {
      if (owner === organisation) await requireEntries(log, each);
      await coordinator.adopt(name, each);
    }
  }

  /** Returns the last edge that each of the others proves to have signed. */
  async function askOthers(log: EvidenceLog): Promise<readonly SignedEdge[]> {
    const { identity } = log;
    const signed = new Map<Organisation, SignedEdge>();
    const asking = [...others].map(async ([name, other]) => {
      const said = await other.lastSigned(identity.name);
      if (await isProvenEdge(primitives, log, said)) signed.set(name, said);
    });
    await Promise.allSettled(asking);
    requireHeard(signed, `with proof what they signed of ${identity.name}`);
    return [...signed.values()].filter(({ size }) => size > 0);
  }

  /** Takes back acknowledged entries that are in no copy, from those to whom they were presented. */
  async function takeBack({ identity }: EvidenceLog): Promise<void> {
    const { answered, bodiless } = await contributor.takeBack(identity.name, others);
    const [from] = bodiless;
    if (from !== undefined) throw lost(identity, from, bodiless.at(-1) ?? from);
    requireHeard(answered, `with proof what was presented to them of ${identity.name}`);
  }

  /** Takes back packets, sheets, states and cards, which were kept by k before anything was answered. */
  async function learnDeposits(): Promise<void> {
    requireHeard(await contributor.takeDeposits(), 'all that they keep for the parties');
  }

  /** Requires that enough of the others said something: one of them is honest and knows whatever was acknowledged. */
  function requireHeard(
    heard: Pick<ReadonlySet<Organisation>, 'has' | 'size'>,
    what: string,
  ): void {
    if (heard.size >= least) return;
    const missing = [...others.keys()].filter((name) => !heard.has(name)).join(', ');
    const who = `${heard.size} of the other organisations`;
    throw behind(`${who} said ${what}, but ${least} must; missing: ${missing}`);
  }
}

/** Requires that the entries that were signed for are there. */
async function requireEntries(
  log: EvidenceLog,
  { size, root }: Pick<SignedEdge, 'size' | 'root'>,
): Promise<void> {
  if (log.size < size) throw lost(log.identity, log.size, size - 1);
  if ((await log.root(size)) === root) return;
  throw new MedsealError('NODE_DOUBLED', { size, known: log.size });
}

function lost({ name }: LogIdentity, first: number, last: number): MedsealError {
  const entries = `entries ${first} to ${last} of ${name}`;
  return behind(`${entries} were signed for, and no peer that answers has them`);
}

async function edgeAt(log: EvidenceLog, size: number): Promise<SignedEdge> {
  return { size, root: await log.root(size), peaks: await log.peaks(size) };
}

function behind(what: string): MedsealError {
  return new MedsealError('NODE_BEHIND', { what });
}
