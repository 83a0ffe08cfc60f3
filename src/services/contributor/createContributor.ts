// Over 400 lines: what a contributor copies, gives and mends shares its peers, its locks and its end.

import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { toPublicError } from '../../errors/toPublicError.ts';
import type { PlacedCheckpoint } from '../../protocol/evidence.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import { seconds } from '../../protocol/Clock.ts';
import { succeeds } from '../../protocol/succeeds.ts';
import type { Address, Bytes32, Handle, LogName, Organisation } from '../../protocol/ids.ts';
import { KeyedLock } from '../../database/KeyedLock.ts';
import type { Channel } from '../../protocol/NetworkFile.ts';
import { MAX_SUBMISSIONS } from '../../protocol/shapes/askedShapes.ts';
import type { FileIdentity, Vault } from '../../vault/Vault.ts';
import { inOrderOfSettling } from './inOrderOfSettling.ts';
import { copyDeposits, forgetCursors } from './copyDeposits.ts';
import { completeEntries } from './completeEntries.ts';
import { copyLog, type CopyOptions } from './copyLog.ts';
import { holdFiles, type FilesSource, type HeldFiles } from './holdFiles.ts';
import { inTurns } from './inTurns.ts';
import { keepAbreast } from './keepAbreast.ts';
import { blaming, type NamedPeer } from './NamedPeer.ts';
import { COPY_LEASE, obtainFile } from './obtainFile.ts';
import { FileCopies } from './FileCopies.ts';
import { settleUnknown } from './settleUnknown.ts';
import { smallFiles } from './smallFiles.ts';
import { UnownedFiles } from './UnownedFiles.ts';
import type { WantedFile } from './WantedFile.ts';
import { takePresented, type PresentedTo, type TakenBack } from './takePresented.ts';
import { repairFiles, type FilesRepair } from './repairFiles.ts';
import { repairDeposits, type DepositRepair } from './repairDeposits.ts';
import { repairLog, type LogRepair } from './repairLog.ts';
import { dueEpoch } from '../dueEpoch.ts';
import { handleOfDeposit } from '../deposits/handleOfDeposit.ts';
import { checkDeposit } from '../deposits/checkDeposit.ts';
import { admitLetter } from '../letters/admitLetter.ts';
import { checkCollect } from '../letters/checkLetter.ts';
import type { LetterStore } from '../letters/LetterStore.ts';
import type { DepositStore } from '../deposits/DepositStore.ts';
import type { ContributorPort, Deposit } from '../ports.ts';
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
  readonly kept: DepositStore;
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
}

/** Result of a repair. */
export interface Repair {
  readonly logs: readonly LogRepair[];
  readonly files: FilesRepair;
  readonly kept: DepositRepair;
}

/** A contributor with what its own organisation asks of it. */
export interface Contributor extends ContributorPort {
  /**
   * Copies what peers hold and the organisation does not: entries of logs, its own among them where it lost some, what
   * is kept for the parties, then files in the background. A peer that cannot be reached, or that lies, is passed
   * over.
   */
  catchUp(): Promise<void>;
  /**
   * Copies what the others keep for the parties, for a node that lost its own.
   * @returns Which of them told all that they keep.
   */
  takeKept(): Promise<ReadonlySet<Organisation>>;
  /**
   * Has the others asked what came to be kept for the parties while this node was away, and copies it, unless that was
   * done within the last second.
   * @returns True if so many told all of it that nothing that was acknowledged is missing here.
   */
  isAbreast(): Promise<boolean>;
  /**
   * Takes entries of its own log back that are in no copy, from coordinators that were shown them.
   * @param log - The log.
   * @param coordinators - Whom to ask, by organisation; not trusted.
   */
  takeBack(log: LogName, coordinators: ReadonlyMap<Organisation, PresentedTo>): Promise<TakenBack>;
  /**
   * Sees that the vault holds a sealed file, and fetches it from a peer where it does not.
   * @throws MedsealError `FILE_ABSENT` if no peer gives it.
   */
  obtain(hash: Bytes32): Promise<void>;
  /**
   * Fetches a sealed file from a peer in place of one that was damaged.
   * @throws MedsealError `FILE_ABSENT` if no peer gives it.
   */
  mend(hash: Bytes32): Promise<void>;
  /**
   * Sees that the vault holds files, whole and synced, and fetches from peers what it does not, up to a limit of what
   * no entry names yet: a file beyond it fails with `QUOTA_SPENT`.
   * @param files - Which.
   * @param log - The log whose organisation is asked first.
   * @throws MedsealError `QUOTA_SPENT` while files are fetched for too many arrays of the log.
   */
  hold(files: readonly FileIdentity[], log: LogName): Promise<HeldFiles>;
  /** Resolves when all files that are to be copied have been tried. */
  filesTried(): Promise<void>;
  /**
   * Examines every log, every sealed file that its logs name, and all that is kept for the parties, and makes damage
   * good with what peers hold.
   * @throws MedsealError `FOLDER_UNWRITABLE`, `CLOSED`.
   */
  repair(): Promise<Repair>;
  /** Ends what is under way, and begins nothing new. */
  stop(): Promise<void>;
}

/**
 * Number of arrays of one log for which files are fetched at once: whoever asks may have gone, and who gives them may
 * take its time.
 */
export const MOST_HOLDING = 512;

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
  const { logs, vault, kept, letters, database, contributorOf } = options;
  const peers = [...logs.values()]
    .map(({ identity }) => identity.organisation)
    .filter((name) => name !== organisation)
    .map((name): NamedPeer => {
      return { name, port: contributorOf(name), blame: blaming(name, options.onFault) };
    });
  const copies = new FileCopies({ database, vault, clock, peers });
  const unowned = new UnownedFiles();
  const sources = { judged: options.judged, peers };
  /** Number of arrays of each log for which files are being fetched. */
  const holding = new Map<LogName, number>();
  /** Held by whoever changes a log by what peers say, and by whoever copies something from a peer. */
  const locks = new KeyedLock();
  const stopping = new AbortController();
  const abreast = keepAbreast(context, { channel: options.channel, peers, copy: copyKeptFrom });
  let hasBegunAnew = false;

  return {
    stats: async (hashes) => await vault.stats(hashes),
    file: (hash) => vault.get(hash),
    smallFiles: async (hashes) => await smallFiles(vault, hashes),
    async keep(keepsake) {
      await context.index.refresh();
      if ('letter' in keepsake) {
        const letter = await admitLetter(context, kept, keepsake.letter);
        await letters.keep(letter, context.index.moment);
        return undefined;
      }
      await keepFor(keepsake);
      if (!('patient' in keepsake)) return undefined;
      return signKept(context, options.key, keepsake.patient.request);
    },
    async keepRules(submissions) {
      if (submissions.length > MAX_SUBMISSIONS) {
        throw new MedsealError('REQUEST_TOO_LARGE', { what: 'array', limit: MAX_SUBMISSIONS });
      }
      await context.index.refresh();
      const keeping = submissions.map(async (submission) => await keepFor({ submission }));
      return (await Promise.allSettled(keeping)).flatMap((each, index) => {
        if (each.status === 'fulfilled') return [];
        return [{ index, problem: toPublicError(toMedsealError(each.reason)).toProblem() }];
      });
    },
    async letters(request) {
      await context.index.refresh();
      const { party, message } = checkCollect(context, request);
      await letters.forget(party, message.taken);
      return await letters.waitingFor(party, context.index.moment);
    },
    card: async (party) => await kept.card(party),
    sheet: async (wanted) => await kept.sheet(wanted),
    state: async (wanted) => await stateGiven(context, options, wanted),
    keptAfter: async (place) => await kept.copies.after(place),
    keptCopies: async (ids) => await kept.copies.give(ids),
    read: async ({ log, from, to }) =>
      await held(log).copies({ from, to: Math.min(to, from + PAGE) }),
    latestCheckpoint: async (log) => await held(log).latestCheckpoint(),
    nextCheckpoint: async ({ log, size }) => await held(log).checkpointCovering(size),
    notice,
    catchUp,
    async takeKept() {
      await beginAnew();
      const told = new Set<Organisation>();
      const asking = peers.map(async (peer) => {
        if (await copyKeptFrom(peer)) told.add(peer.name);
      });
      await Promise.allSettled(asking);
      return told;
    },
    isAbreast: async () => await abreast.isSo(),
    takeBack: async (name, coordinators) =>
      await locks.run(name, async () => {
        const options = { log: held(name), want, coordinators };
        return await takePresented(context, options);
      }),
    obtain,
    mend,
    hold,
    filesTried: async () => await copies.idle(),
    repair,
    async stop() {
      stopping.abort();
      await copies.stop();
      await abreast.idle();
    },
  };

  async function keepFor(keepsake: Exclude<Deposit, { letter: unknown }>): Promise<void> {
    const { index } = context;
    const each = checkDeposit(context, keepsake);
    const handle = each.source && handleOfDeposit(each.source.copy);
    // Rights that are over are put aside first: what only they needed makes room.
    if (handle !== undefined) await dueEpoch({ index, kept }, handle, index.moment);
    await kept.keep(each, index);
  }

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
    const isFresh = await context.index.refresh().then(
      () => true,
      () => false,
    );
    const behind = async (log: EvidenceLog): Promise<void> => {
      if (!isFresh || (await lacks(log))) await followPeers(log);
      await settle(log);
    };
    await Promise.all([...[...logs.values()].map(behind), copyAllKept()]);
    // Without a moment nothing can be said to be over; a repair examines all of it again.
    if (isFresh && succeeds(() => context.index.moment > 0)) await collectKept(kept.takeTouched());
  }

  async function copyAllKept(): Promise<void> {
    await inTurns(clock, peers, copyKeptFrom, () => 0);
  }

  /**
   * Discards all reading positions, which mean nothing if the end of the order was lost: those of peers here, and of
   * this node there.
   */
  async function beginAnew(): Promise<void> {
    if (hasBegunAnew) return;
    await kept.copies.renew();
    const names = peers.map(({ name }) => name);
    await forgetCursors(database, names);
    hasBegunAnew = true;
  }

  /** Deletes patients' deposits that nobody can ask for any more. */
  async function collectKept(handles: AsyncIterable<Handle> | readonly Handle[]): Promise<void> {
    const { index } = context;
    for await (const handle of handles) {
      if (stopping.signal.aborted) return;
      await dueEpoch({ index, kept }, handle, index.moment);
      await kept.collect(handle, index);
    }
  }

  /** Tells whether the peer told all that it keeps. */
  async function copyKeptFrom(peer: NamedPeer): Promise<boolean> {
    await context.index.refresh();
    return await locks.run(keptOfPeer(peer), async () => {
      if (stopping.signal.aborted) return false;
      return await blamed(peer, copyDeposits(context, { kept, database }, peer));
    });
  }

  async function hold(files: readonly FileIdentity[], log: LogName): Promise<HeldFiles> {
    const running = holding.get(log) ?? 0;
    if (running >= MOST_HOLDING && files.length > 0) {
      throw new MedsealError('QUOTA_SPENT', { what: 'sealed files that arrive at once' });
    }
    holding.set(log, running + 1);
    try {
      const { primitives } = context;
      const now = seconds(clock);
      const lease = { now, until: now + COPY_LEASE };
      const source = { vault, peers: peersFor(held(log)), now, primitives };
      const reserve: FilesSource['reserve'] = (file) => unowned.reserve(log, file, lease);
      return await holdFiles({ ...source, reserve, signal: stopping.signal }, files);
    } finally {
      holding.set(log, (holding.get(log) ?? 1) - 1);
    }
  }

  /** Sees that files come to their owners, whom entries name. */
  async function want(files: readonly WantedFile[]): Promise<void> {
    await copies.want(files);
    unowned.named(files);
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
      if (stopping.signal.aborted) return;
      await settleUnknown(context, log, { ...sources, want });
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
      complete: async (entries) =>
        await completeEntries(context, sources, name, entries, peer.name),
      alone: async (change) =>
        await locks.run(name, async () => {
          if (stopping.signal.aborted) throw new MedsealError('CLOSED', { what: 'contributor' });
          await change();
        }),
    };
    await locks.run(`${name} of ${peer.name}`, async () => {
      // It catches up when it runs again.
      if (stopping.signal.aborted) return;
      await blamed(peer, copyLog(context, options, placed));
    });
  }

  async function obtain(hash: Bytes32): Promise<void> {
    if ((await vault.stat(hash)) === undefined) await mend(hash);
  }

  async function mend(hash: Bytes32): Promise<void> {
    const source = { now: seconds(clock), signal: stopping.signal };
    const asked = peers.map(async (peer) => {
      const [file] = await peer.port.stats([hash]).catch(() => []);
      return { peer, file };
    });
    for await (const { peer, file } of inOrderOfSettling(asked)) {
      if (file?.hash !== hash) continue;
      const tried = await Promise.allSettled([obtainFile(vault, file, [peer], source)]);
      if (tried[0].status === 'fulfilled') return;
    }
    throw new MedsealError('FILE_ABSENT', {});
  }

  async function repair(): Promise<Repair> {
    const { signal } = stopping;
    const repaired: LogRepair[] = [];
    const found: FilesRepair[] = [];
    for (const log of logs.values()) {
      const options = { vault, peers: peersFor(log), signal };
      const { name } = log.identity;
      repaired.push(await locks.run(name, async () => await repairLog(context, log, options)));
      found.push(await repairFiles(context, log, options));
    }
    const files: FilesRepair = {
      examined: found.reduce((sum, { examined }) => sum + examined, 0),
      restored: found.flatMap(({ restored }) => restored),
      lost: found.flatMap(({ lost }) => lost),
    };
    await context.index.refresh();
    await collectKept(kept.patients());
    const foundKept = await locks.runAll(peers.map(keptOfPeer), async () => {
      return await repairDeposits(context, { kept, database }, peers, signal);
    });
    return { logs: repaired, files, kept: foundKept };
  }
}

/** The lock of what is copied of the packets, sheets, states and cards that a peer keeps. */
function keptOfPeer({ name }: NamedPeer): string {
  return `kept of ${name}`;
}

/** Tells what the peer did wrong, where it did. */
async function blamed<Result>({ blame }: NamedPeer, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    blame(error);
    throw error;
  }
}
