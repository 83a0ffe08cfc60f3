import { attestFacts } from '../enrolment/attestFacts.ts';
import { Claims } from './Claims.ts';
import { Answers } from './Answers.ts';
import type { CoordinatorOptions } from './CoordinatorOptions.ts';
import { AwaitedCheckpoints, type DueCheckpoint } from './AwaitedCheckpoints.ts';
import { CheckpointSigner } from './CheckpointSigner.ts';
import { LogEnds, type CameToNothing } from './LogEnds.ts';
import { DueBodies } from './DueBodies.ts';
import { JudgedErasures } from './JudgedErasures.ts';
import { DailyQuotas } from './DailyQuotas.ts';
import { judgeBodies } from './judgeBodies.ts';
import { KeptConflicts } from './KeptConflicts.ts';
import { LogConflicts } from './LogConflicts.ts';
import { PresentedRows } from './PresentedRows.ts';
import { refusingClosed } from './refusingClosed.ts';
import { listedPairs } from './listedPairs.ts';
import { judgedBodies } from './judgedBodies.ts';
import { OwnVerdicts } from './OwnVerdicts.ts';
import type { LogName } from '../../protocol/ids.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { CoordinatorPort, SignedEdge } from '../ports.ts';
import { digestsFor } from '../compareIndex.ts';
import { MinuteQuota } from '../MinuteQuota.ts';
import { KeptShares } from './KeptShares.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { ReleaseLists } from './ReleaseLists.ts';
import { releaseShares, type ReleaseOptions } from './releaseShares.ts';
import { repairLists, type ListsRepair } from './repairLists.ts';
import { signAdvances } from './signAdvances.ts';
import { stateErased } from './stateErased.ts';
import { tallyEntries } from './tallyEntries.ts';
import { tellReleases } from './tellReleases.ts';
import { vouchForCare } from './vouchForCare.ts';

/** Seconds after its deadline for which an answer is kept, as clocks differ. */
const MARGIN = 60;

/** A coordinator with what its own organisation asks of it. */
export interface Coordinator extends CoordinatorPort {
  /** Remembers, durably, that it may have signed this: from now on it signs only what extends it. */
  adopt(log: LogName, signed: SignedEdge): Promise<void>;
  /**
   * Remembers, durably, that it came back with an older folder and may have forgotten what others' logs presented to it.
   * Call it before it signs again.
   */
  returned(): Promise<void>;
  /** Checkpoints of others' logs that it waits for since then. */
  awaitedCheckpoints(): Promise<readonly DueCheckpoint[]>;
  /**
   * Requires that it keeps no proof that a log signed two histories under its present key, and that the log's organisation is
   * there.
   * @throws MedsealError `LOG_CLOSED`; `LOG_ENDED`.
   */
  requireOpen(log: LogName): Promise<void>;
  /** Tells whether what a log had to hold by a moment, Unix seconds, will not come if it is not there now. */
  readonly cameToNothing: CameToNothing;
  /** Logs of present organisations that such a proof closes. */
  closedLogs(): Promise<readonly LogName[]>;
  /**
   * Writes lists of sets of views that its logs have, and that are not there, were lost or altered, as the other coordinators hold them.
   * @throws MedsealError `FOLDER_UNWRITABLE`.
   */
  repairLists(): Promise<ListsRepair>;
  /** Does so for entries that its logs got since it was made, or since it last did. */
  copyLists(): Promise<ListsRepair>;
  /** Forgets rows that nobody asks for any more, at a moment in Unix seconds. */
  collect(at: number): Promise<void>;
}

/**
 * Makes a coordinator: it judges from its own view of the ledger and its own clock, keeps what it judged before it
 * signs, signs checkpoints only over what it knows to have been judged, and never two roots for one size of a log. A log that
 * signed two histories is closed, and one whose organisation left is ended.
 *
 * @param context - The organisation's context.
 * @param options - Store, key, peers.
 */
export function createCoordinator(
  context: ServiceContext,
  options: CoordinatorOptions,
): Coordinator {
  const { database, key } = options;
  const own = new OwnVerdicts(context.primitives);
  const releaseLists = new ReleaseLists(database, context.primitives);
  const signer = new CheckpointSigner(context, options, own);
  const awaited = new AwaitedCheckpoints(context, options);
  const ends = new LogEnds(context, { ...options, signer, awaited });
  const cameToNothing: CameToNothing = async (log, by) => await ends.cameToNothing(log, by);
  const promised = {
    claims: new Claims(database, options.logs, cameToNothing),
    answers: new Answers(database, options.logs),
    due: new DueBodies({ ...options, cameToNothing, random: context.random }),
    quotas: new DailyQuotas(context, options),
    erasures: new JudgedErasures(options, options.logs),
  };
  /** Size of each log whose lists were looked for. */
  const copied = new Map([...options.logs].map(([name, log]) => [name, log.size]));
  const rows = new PresentedRows(database, options.logs);
  const kept = new KeptConflicts(context, database, options.logs);
  const conflicts = new LogConflicts(context, { ...options, kept }, rows);
  const requireOpen = async (log: LogName): Promise<void> => {
    await kept.requireOpen(log);
    await ends.requireOpen(log);
  };
  const releasing: ReleaseOptions = {
    ...options,
    erasures: promised.erasures,
    quota: new MinuteQuota(context.clock, 'released views', options.releasesPerMinute),
    kept: new KeptShares(context.clock),
    async isShown(log, views, held) {
      const areShown = await signer.areShown(log, views, held);
      // Last before the release is noted: it waited for the ledger.
      await requireOpen(log);
      return areShown;
    },
  };

  const coordinator: Coordinator = {
    async judge(request) {
      const judgement = await judgeBodies(context, options, promised, request);
      if (judgement.verdict !== undefined) own.add(judgement.verdict);
      return judgement;
    },
    knownSize: async (log) => await signer.knownSize(log),
    lastSigned: async (log) => await signer.lastSigned(log),
    shown: async (request) => await signer.shown(request),
    indexed: async (basis) => await Promise.resolve(digestsFor(context, basis)),
    judged: async ({ log, entries }) => await judgedBodies(options, log, entries),
    async listed({ log, entries }) {
      const bodies = await judgedBodies(options, log, entries);
      const lists = entries.map(async (entry, nth) => {
        return bodies[nth] === null ? [] : ((await listedPairs(options, entry)) ?? []);
      });
      return await Promise.all(lists);
    },
    repairLists: async () => await repairLists(context, options),
    copyLists: async () => await repairLists(context, options, copied),
    show: async (request) => await signer.show(request),
    adopt: async (log, signed) => await signer.adopt(log, signed),
    async returned() {
      await awaited.begin();
      ends.reread();
    },
    awaitedCheckpoints: async () => await awaited.all(),
    requireOpen,
    cameToNothing,
    closedLogs: async () => await kept.closed(),
    awaited: async (log) => await awaited.of(log),
    ended: async (log) => await ends.of(log),
    async collect(at) {
      await inTurn([
        async () => await promised.answers.forget(at - MARGIN),
        async () => await promised.due.collect(),
        // Before waits end: a proof that is passed on first closes the log for whoever waits in vain.
        async () => await conflicts.passOn(),
        async () => await awaited.review(),
        async () => await ends.review(),
      ]);
    },
    async signCheckpoint(request) {
      await awaited.require(request.log);
      return await signer.sign(request);
    },
    advance: async (requests) => await signAdvances(context, options, requests),
    release: async (request) => await releaseShares(context, releasing, request),
    releases: async (query) =>
      await tellReleases(context, { ...options, conflicts, lists: releaseLists }, query),
    erased: async (query) => await stateErased(context, options, query),
    takeConflict: async (conflict) => await conflicts.take(conflict),
    vouch: async (submission) => await vouchForCare(context, key, submission),
    attest: async (query) => await attestFacts(context, key, query),
    tally: async (query) => await tallyEntries(context, options, query),
  };
  return refusingClosed(coordinator, { requireOpen });
}

/** Does one work after the other; one that fails keeps none from its turn. */
async function inTurn(works: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const work of works) await work().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw toMedsealError(failures[0]);
}
