import type { MedsealError } from '../../errors/MedsealError.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { PlacedCheckpoint } from '../../protocol/evidence/evidence.ts';
import type { Bytes32, Handle, LogName, Organisation } from '../../protocol/ids.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Channel } from '../../protocol/network/NetworkFile.ts';
import type { LogPlace } from '../../protocol/AgentPort.ts';
import type { Erase } from '../../protocol/struct/requests.ts';
import type { Vault } from '../../vault/Vault.ts';
import { depositDoors, type DepositDoorOptions } from './depositDoors.ts';
import { LogCopies, type LogCopiesOptions } from './LogCopies.ts';
import { createDepositCopier, type DepositCopier } from './createDepositCopier.ts';
import { createFileHolder, type FileHolder } from './createFileHolder.ts';
import { blaming, type NamedPeer } from './NamedPeer.ts';
import { chartView } from '../deposits/chartView.ts';
import { Destructions, type DestructionsOptions } from './Destructions.ts';
import type { DestroyedRow } from './destroyedRow.ts';
import { ErasedFiles } from './ErasedFiles.ts';
import { FileCopies } from './FileCopies.ts';
import { smallFiles } from './smallFiles.ts';
import { SurplusFiles } from './SurplusFiles.ts';
import type { NamedFile, WantedFile } from './WantedFile.ts';
import { holdersOf } from '../../protocol/rights/holdersOf.ts';
import { type PresentedTo, type TakenBack } from './takePresented.ts';
import { repairFiles, type FilesRepair } from './repairFiles.ts';
import type { DepositRepair } from './repairDeposits.ts';
import { type LogRepair } from './repairLog.ts';
import type { ContributorPort } from '../ports.ts';
import { Erasures } from '../entries/Erasures.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { ServiceDatabase } from '../../database/synced.ts';

/** Number of entries in one page. */
const PAGE = 256;

/** Options of `createContributor`. */
export interface ContributorOptions
  extends DepositDoorOptions, Pick<LogCopiesOptions, 'logs' | 'judged'> {
  /** Its organisations and thresholds. */
  readonly channel: Channel;
  readonly vault: Vault;
  /** Its own: it remembers which files are still to be copied. */
  readonly database: ServiceDatabase;
  /** The contributor of another organisation. */
  readonly contributorOf: (organisation: Organisation) => ContributorPort;
  /** Has the entry at a place of its own log checkpointed soon. */
  readonly hasten: (index: number) => void;
  /** Called with a peer that gave false data. */
  readonly onFault: (fault: MedsealError<'PEER_FALSE'>) => void;
  /** As in `Destructions`. */
  readonly storageKey: Uint8Array;
  /** As in `Destructions`. */
  readonly backupsEnded: DestructionsOptions['backupsEnded'];
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
  /**
   * Tells when the organisation destroyed all that an entry erases; undefined if it has not, and then it does so soon.
   * @param place - Place of the entry.
   * @param erase - The erasure that it is.
   */
  destroyed(place: LogPlace, erase: Erase): Promise<DestroyedRow | undefined>;
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
  const { logs, vault, deposits, database, contributorOf } = options;
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
  const copies = new FileCopies({
    database,
    vault,
    clock,
    peers,
    isErased,
    onErased: (handle) => erased.entered([handle]),
  });
  const destructions = new Destructions({
    ...context,
    ...options,
    erasures,
    isAbreast: async () => await copier.isAbreast(),
    scrubDeposits: async (handle) => await deposits.scrub(handle, chartView(context)),
  });
  const erased = new ErasedFiles({
    database,
    vault,
    erasures,
    destructions,
    onFailure: options.onFailure,
  });
  const entered = (handles: Iterable<Handle>): void => erased.entered(handles);
  const stopping = new AbortController();
  const { signal } = stopping;
  const holders = ({ hash }: Pick<WantedFile, 'hash'>): readonly Organisation[] =>
    holdersOf(context.primitives, options.channel, hash);
  const isKept = (file: WantedFile): boolean => holders(file).includes(organisation);
  const surplus = new SurplusFiles({ database, vault, peers, holdersOf: holders });
  const want: FileHolder['want'] = async (files) => await holder.want(files);
  const logCopies = new LogCopies(context, { ...options, peers, want, entered, signal });
  const holder = createFileHolder(context, {
    vault,
    copies,
    surplus,
    erasures,
    isKept,
    peers,
    peersFor: (log) => logCopies.peersFor(logCopies.log(log)),
    signal,
  });
  const copier = createDepositCopier(context, { ...options, peers, signal });

  return {
    stats: async (hashes) => await vault.stats(hashes),
    file: (hash) => vault.get(hash),
    smallFiles: async (hashes) => await smallFiles(vault, hashes),
    ...depositDoors(context, { ...options, copier }),
    read: async ({ log, from, to }) =>
      await logCopies.log(log).copies({ from, to: Math.min(to, from + PAGE) }),
    latestCheckpoint: async (log) => await logCopies.log(log).latestCheckpoint(),
    nextCheckpoint,
    notice: async (placed) => await logCopies.notice(placed),
    catchUp,
    takeDeposits: async () => await copier.takeDeposits(),
    isAbreast: async () => await copier.isAbreast(),
    takeBack: async (name, coordinators) => await logCopies.takeBack(name, coordinators),
    obtain: async (hash) => await holder.obtain(hash),
    mend: async (hash) => await holder.mend(hash),
    hold: async (files, log) => await holder.hold(files, log),
    async destroyed(place, erase) {
      await erased.triedFor(erase.handle);
      const row = await destructions.of(place, erase);
      if (row === undefined) erased.lookAgain(erase.handle);
      return row;
    },
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

  async function nextCheckpoint({
    log: name,
    size,
  }: Parameters<ContributorPort['nextCheckpoint']>[0]): Promise<PlacedCheckpoint | undefined> {
    const log = logCopies.log(name);
    const placed = await log.checkpointCovering(size);
    if (placed === undefined && log.identity.organisation === organisation) options.hasten(size);
    return placed;
  }

  async function catchUp(): Promise<void> {
    copies.start();
    erased.start();
    const isFresh = await context.index.refresh().then(
      () => true,
      () => false,
    );
    await Promise.all([logCopies.catchUp(isFresh), copier.copyAll()]);
    // Without a moment nothing can be said to be over; a repair examines all of it again.
    if (isFresh && succeeds(() => context.index.moment > 0))
      await copier.collect(deposits.takeTouched());
  }

  async function repair(): Promise<Repair> {
    const repaired: LogRepair[] = [];
    const found: FilesRepair[] = [];
    for (const log of logs.values()) {
      const options = {
        vault,
        peers: logCopies.peersFor(log),
        signal,
        isKept,
        note: async (file: WantedFile) => await surplus.note([file], seconds(clock)),
        isErased: async (file: NamedFile) => await erasures.isErased(file),
      };
      repaired.push(await logCopies.repair(log));
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
