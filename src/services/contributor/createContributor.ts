import { hasCard } from './hasCard.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { toPublicError } from '../../errors/toPublicError.ts';
import type { PlacedCheckpoint } from '../../protocol/evidence/evidence.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { Address, Bytes32, Handle, LogName, Organisation } from '../../protocol/ids.ts';
import { seconds } from '../../protocol/Clock.ts';
import { KeyedLock } from '../../database/KeyedLock.ts';
import type { Channel } from '../../protocol/network/NetworkFile.ts';
import { isCareType } from '../../protocol/struct/ledgerRequests.ts';
import { MAX_SUBMISSIONS } from '../../protocol/shapes/askedShapes.ts';
import type { Vault } from '../../vault/Vault.ts';
import { createDepositCopier, type DepositCopier } from './createDepositCopier.ts';
import { createFileHolder, type FileHolder } from './createFileHolder.ts';
import { completeEntries } from './completeEntries.ts';
import { copyLog, type CopyOptions } from './copyLog.ts';
import { inTurns } from './inTurns.ts';
import { blamed, blaming, type NamedPeer } from './NamedPeer.ts';
import { ErasedFiles } from './ErasedFiles.ts';
import { FileCopies } from './FileCopies.ts';
import { settleUnknown } from './settleUnknown.ts';
import { smallFiles } from './smallFiles.ts';
import { SurplusFiles } from './SurplusFiles.ts';
import type { NamedFile, WantedFile } from './WantedFile.ts';
import { holdersOf } from '../../protocol/rights/holdersOf.ts';
import { takePresented, type PresentedTo, type TakenBack } from './takePresented.ts';
import { repairFiles, type FilesRepair } from './repairFiles.ts';
import type { DepositRepair } from './repairDeposits.ts';
import { repairLog, type LogRepair } from './repairLog.ts';
import { admitLetter } from '../letters/admitLetter.ts';
import { checkAsker } from '../checkAsker.ts';
import type { LetterStore } from '../letters/LetterStore.ts';
import type { DepositStore } from '../deposits/DepositStore.ts';
import type { ContributorPort } from '../ports.ts';
import { Erasures } from '../entries/Erasures.ts';
import { signKept } from './signKept.ts';
import { stateGiven } from './stateGiven.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { ServiceDatabase } from '../../database/synced.ts';

/** Number of entries in one page. */
const PAGE = 256;

/** Options of `createContributor`. */
export interface ContributorOptions {
  /** Its organisations and thresholds. */
  readonly channel: Channel;
  /** Every log of the channel: the organisation's own and its copies of the others. */
  readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  readonly vault: Vault;
  readonly deposits: DepositStore;
  readonly letters: LetterStore;
  /** Its organisation's coordinator, with whose key it signs which state is the newest. */
  readonly key: { readonly address: Address; readonly signingKey: Uint8Array };
  /** Its own: it remembers which files are still to be copied. */
  readonly database: ServiceDatabase;
  /** The contributor of another organisation. */
  readonly contributorOf: (organisation: Organisation) => ContributorPort;
  /** The body of an entry that its own coordinator judged, if it keeps it. */
  readonly judged: (entry: Bytes32) => Promise<string | undefined>;
  /** Called with a peer that gave false data. */
  readonly onFault: (fault: MedsealError<'PEER_FALSE'>) => void;
  /** Called with failures in the background. */
  readonly onFailure: (error: unknown) => void;
}

/** Result of a repair. */
export interface Repair {
  readonly logs: readonly LogRepair[];
  readonly files: FilesRepair;
  readonly deposits: DepositRepair;
}

/** A contributor with what its own organisation asks of it. */
export interface Contributor
  extends
    ContributorPort,
    Pick<FileHolder, 'obtain' | 'mend' | 'hold'>,
    Pick<DepositCopier, 'takeDeposits' | 'isAbreast'> {
  /**
   * Copies what peers hold and the organisation does not: entries of logs, its own among them where it lost some, what
   * is kept for the parties, then files in the background. A peer that cannot be reached, or that lies, is passed
   * over.
   */
  catchUp(): Promise<void>;
  /**
   * Takes entries of its own log back that are in no copy, from coordinators that were shown them.
   * @param log - The log.
   * @param coordinators - Whom to ask, by organisation; not trusted.
   */
  takeBack(log: LogName, coordinators: ReadonlyMap<Organisation, PresentedTo>): Promise<TakenBack>;
  /** Notes patients of whom the organisation's own log has new entries: files that are erased by now are deleted. */
  entered(handles: Iterable<Handle>): void;
  /** Resolves when all files that are to be copied, or deleted because they were erased, have been tried. */
  filesTried(): Promise<void>;
  /**
   * Examines every log, every sealed file that its logs name, and all that is kept for the parties, and makes damage
   * good with what peers hold.
   * @throws MedsealError `FOLDER_UNWRITABLE`, `CLOSED`.
   */
  repair(): Promise<Repair>;
  /**
   * Gives up sealed files that the organisation is not among the keepers of, once all of those have them.
   * @returns Number of files given up.
   */
  releaseSurplus(): Promise<number>;
  /** Ends what is under way, and begins nothing new. */
  stop(): Promise<void>;
}

/**
 * Makes a contributor: it copies the channel's logs and sealed files, checks all that it copies, and gives them to
 * its peers.
 *
 * @param context - The organisation's context.
 * @param options - Stores and peers.
 */
export function createContributor(
  context: ServiceContext,
  options: ContributorOptions,
): Contributor {
  const { organisation, clock } = context;
  const { logs, vault, deposits, letters, database, contributorOf } = options;
  // The logs of organisations that left stay; they themselves answer nobody any more.
  const peers = options.channel.coordinators
    .map((member) => member.organisation)
    .filter((name) => name !== organisation)
    .map((name): NamedPeer => {
      return { name, port: contributorOf(name), blame: blaming(name, options.onFault) };
    });
  const erasures = new Erasures(logs.values());
  const isErased = async (hash: Bytes32): Promise<boolean> =>
    (await erasures.categoryOf(hash)) !== undefined;
  const copies = new FileCopies({ database, vault, clock, peers, isErased });
  const erased = new ErasedFiles({ database, vault, erasures, onFailure: options.onFailure });
  const entered = (handles: Iterable<Handle>): void => erased.entered(handles);
  const sources = { judged: options.judged, peers };
  /** Held by whoever changes a log by what peers say, and by whoever copies entries from a peer. */
  const locks = new KeyedLock();
  const stopping = new AbortController();
  const { signal } = stopping;
  const holders = ({ hash }: Pick<WantedFile, 'hash'>): readonly Organisation[] =>
    holdersOf(context.primitives, options.channel, hash);
  const isKept = (file: WantedFile): boolean => holders(file).includes(organisation);
  const surplus = new SurplusFiles({ database, vault, peers, holdersOf: holders });
  const holder = createFileHolder(context, {
    vault,
    copies,
    surplus,
    erasures,
    isKept,
    peers,
    peersFor: (log) => peersFor(held(log)),
    signal,
  });
  const want: FileHolder['want'] = async (files) => await holder.want(files);
  const note = async (file: WantedFile): Promise<void> =>
    await surplus.note([file], seconds(clock));
  const copier = createDepositCopier(context, { ...options, peers, signal });

  return {
    stats: async (hashes) => await vault.stats(hashes),
    file: (hash) => vault.get(hash),
    smallFiles: async (hashes) => await smallFiles(vault, hashes),
    async keep(deposit) {
      await context.index.refresh();
      if ('letter' in deposit) {
        const letter = await admitLetter(context, deposits, deposit.letter);
        await letters.keep(letter, context.index.moment);
        return undefined;
      }
      if ('card' in deposit && (await hasCard(context, deposits, deposit.card))) return undefined;
      await copier.keep(deposit);
      if (!('patient' in deposit)) return undefined;
      return signKept(context, options.key, deposit.patient.request);
    },
    async keepRules(submissions) {
      if (submissions.length > MAX_SUBMISSIONS) {
        throw new MedsealError('REQUEST_TOO_LARGE', { what: 'array', limit: MAX_SUBMISSIONS });
      }
      await context.index.refresh();
      const keeping = submissions.map(async (submission) => {
        const isCare = isCareType(submission?.request?.type);
        await copier.keep(isCare ? { care: submission } : { submission });
      });
      return (await Promise.allSettled(keeping)).flatMap((each, index) => {
        if (each.status === 'fulfilled') return [];
        return [{ index, problem: toPublicError(toMedsealError(each.reason)).toProblem() }];
      });
    },
    async letters(request) {
      await context.index.refresh();
      const { party, message } = checkAsker(context, request, 'Collect');
      await letters.forget(party, message.taken);
      return await letters.waitingFor(party, context.index.moment);
    },
    async rights(request) {
      await context.index.refresh();
      const { party: grantee, message } = checkAsker(context, request, 'FindRights');
      return await deposits.rights({ grantee, after: message.after }, context.index);
    },
    card: async (party) => await deposits.card(party),
    sheet: async (wanted) => await deposits.sheet(wanted),
    state: async (wanted) => await stateGiven(context, options, wanted),
    keptAfter: async (place) => await deposits.copies.after(place),
    keptCopies: async (ids) => await deposits.copies.give(ids),
    read: async ({ log, from, to }) =>
      await held(log).copies({ from, to: Math.min(to, from + PAGE) }),
    latestCheckpoint: async (log) => await held(log).latestCheckpoint(),
    nextCheckpoint: async ({ log, size }) => await held(log).checkpointCovering(size),
    notice,
    catchUp,
    takeDeposits: async () => await copier.takeDeposits(),
    isAbreast: async () => await copier.isAbreast(),
    takeBack: async (name, coordinators) =>
      await locks.run(name, async () => {
        const options = { log: held(name), want, entered, coordinators };
        return await takePresented(context, options);
      }),
    obtain: async (hash) => await holder.obtain(hash),
    mend: async (hash) => await holder.mend(hash),
    hold: async (files, log) => await holder.hold(files, log),
    filesTried: async () => {
      await copies.idle();
      await erased.idle();
    },
    entered,
    repair,
    releaseSurplus: async () => await surplus.release(seconds(clock)),
    async stop() {
      stopping.abort();
      await copies.stop();
      await erased.stop();
      await copier.idle();
    },
  };

  function held(name: LogName): EvidenceLog {
    const log = logs.get(name);
    if (log === undefined) throw new MedsealError('NOT_FOUND', { what: 'log' });
    return log;
  }

  async function notice(placed: PlacedCheckpoint): Promise<void> {
    const log = held(placed.checkpoint.log);
    const [source] = peersFor(log);
    // Of its own log it knows best.
    if (log.identity.organisation !== organisation && source !== undefined) {
      await copyFrom(source, log, placed);
    }
  }

  async function catchUp(): Promise<void> {
    copies.start();
    erased.start();
    const isFresh = await context.index.refresh().then(
      () => true,
      () => false,
    );
    const behind = async (log: EvidenceLog): Promise<void> => {
      if (!isFresh || (await lacks(log))) await followPeers(log);
      await settle(log);
    };
    await Promise.all([...[...logs.values()].map(behind), copier.copyAll()]);
    // Without a moment nothing can be said to be over; a repair examines all of it again.
    if (isFresh && succeeds(() => context.index.moment > 0))
      await copier.collect(deposits.takeTouched());
  }

  async function followPeers(log: EvidenceLog): Promise<void> {
    const follow = async (peer: NamedPeer): Promise<void> => {
      const latest = await peer.port.latestCheckpoint(log.identity.name);
      const known = (await log.latestCheckpoint())?.checkpoint.size ?? 0;
      if (latest !== undefined && latest.checkpoint.size > known) {
        await copyFrom(peer, log, latest);
      }
    };
    await inTurns(clock, peersFor(log), follow, () => log.size);
  }

  /** Tells whether the ledger holds a later checkpoint of a log than is here: no peer can have one that it does not. */
  async function lacks(log: EvidenceLog): Promise<boolean> {
    const known = (await log.latestCheckpoint())?.checkpoint.size ?? 0;
    return known < (context.index.checkpoint(log.identity.id)?.size ?? 0);
  }

  async function settle(log: EvidenceLog): Promise<void> {
    await locks.run(log.identity.name, async () => {
      if (signal.aborted) return;
      await settleUnknown(context, log, { ...sources, want, entered });
    });
  }

  /** Whom to ask for a log: first the organisation whose log it is. */
  function peersFor({ identity }: EvidenceLog): NamedPeer[] {
    const [source, others] = [true, false].map((wanted) =>
      peers.filter(({ name }) => (name === identity.organisation) === wanted),
    );
    return [...(source ?? []), ...(others ?? [])];
  }

  async function copyFrom(
    peer: NamedPeer,
    log: EvidenceLog,
    placed: PlacedCheckpoint,
  ): Promise<void> {
    const { name } = log.identity;
    const options: CopyOptions = {
      log,
      peer: peer.port,
      want,
      entered,
      complete: async (entries) =>
        await completeEntries(context, sources, name, entries, peer.name),
      alone: async (change) =>
        await locks.run(name, async () => {
          if (signal.aborted) throw new MedsealError('CLOSED', { what: 'contributor' });
          await change();
        }),
    };
    await locks.run(`${name} of ${peer.name}`, async () => {
      // It catches up when it runs again.
      if (signal.aborted) return;
      await blamed(peer, copyLog(context, options, placed));
    });
  }

  async function repair(): Promise<Repair> {
    const repaired: LogRepair[] = [];
    const found: FilesRepair[] = [];
    for (const log of logs.values()) {
      const options = {
        vault,
        peers: peersFor(log),
        signal,
        isKept,
        note,
        isErased: async (file: NamedFile) => await erasures.isErased(file),
      };
      const { name } = log.identity;
      repaired.push(await locks.run(name, async () => await repairLog(context, log, options)));
      found.push(await repairFiles(context, log, options));
    }
    erased.again();
    erased.start();
    const files: FilesRepair = {
      examined: found.reduce((sum, { examined }) => sum + examined, 0),
      restored: found.flatMap(({ restored }) => restored),
      lost: found.flatMap(({ lost }) => lost),
    };
    await context.index.refresh();
    await copier.collect(deposits.patients());
    await deposits.repairLists();
    return { logs: repaired, files, deposits: await copier.repair() };
  }
}
