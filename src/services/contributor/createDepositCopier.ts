import { requireDispensable } from '../care/requireDispensable.ts';
import { KeyedLock } from '../../database/KeyedLock.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import type { Handle, Organisation } from '../../protocol/ids.ts';
import type { Channel } from '../../protocol/network/NetworkFile.ts';
import { verifyAhead } from '../care/verifyAhead.ts';
import { checkDeposit, type PartyDeposit } from '../deposits/checkDeposit.ts';
import type { DepositStore } from '../deposits/DepositStore.ts';
import { chartView } from '../deposits/chartView.ts';
import { handleOfDeposit } from '../deposits/handleOfDeposit.ts';
import { dueEpoch } from '../dueEpoch.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { copyDeposits, forgetCursors } from './copyDeposits.ts';
import { inTurns } from './inTurns.ts';
import { keepAbreast } from './keepAbreast.ts';
import { blamed, type NamedPeer } from './NamedPeer.ts';
import { repairDeposits, type DepositRepair } from './repairDeposits.ts';

/** Options of `createDepositCopier`. */
export interface DepositCopierOptions {
  readonly channel: Channel;
  readonly deposits: DepositStore;
  /** The contributor's own: it remembers the place up to which each peer was read. */
  readonly database: ServiceDatabase;
  readonly peers: readonly NamedPeer[];
  /** Ends what is under way. */
  readonly signal: AbortSignal;
}

/** Keeps deposits, copies those of peers, and deletes those that nobody can ask for any more. */
export interface DepositCopier {
  /** Keeps a deposit, in a synced write. */
  keep(deposit: PartyDeposit): Promise<void>;
  /** Copies what peers keep, from each what came since. */
  copyAll(): Promise<void>;
  /**
   * Copies what the others keep for the parties, for a node that lost its own.
   * @returns Which of them told all that they keep.
   */
  takeDeposits(): Promise<ReadonlySet<Organisation>>;
  /**
   * Has the others asked what came to be kept for the parties while this node was away, and copies it, unless that was
   * done within the last second.
   * @returns True if so many told all of it that nothing that was acknowledged is missing here.
   */
  isAbreast(): Promise<boolean>;
  /** Deletes patients' deposits that nobody can ask for any more. */
  collect(handles: AsyncIterable<Handle> | readonly Handle[]): Promise<void>;
  /** Examines all deposits, and makes damage good with what peers keep. */
  repair(): Promise<DepositRepair>;
  /** Resolves when nothing is asked any more. */
  idle(): Promise<void>;
}

/**
 * Makes a copier of deposits.
 *
 * @param context - The organisation's context.
 * @param options - Stores and peers.
 */
export function createDepositCopier(
  context: ServiceContext,
  options: DepositCopierOptions,
): DepositCopier {
  const { clock } = context;
  const { channel, deposits, database, peers, signal } = options;
  /** Held by whoever copies something from a peer. */
  const locks = new KeyedLock();
  const abreast = keepAbreast(context, { channel, peers, copy: copyDepositsFrom });
  let hasBegunAnew = false;

  return {
    keep,
    copyAll: async () => await inTurns(clock, peers, copyDepositsFrom, () => 0),
    takeDeposits,
    isAbreast: async () => await abreast.isSo(),
    collect,
    repair: async () =>
      await locks.runAll(peers.map(depositsLock), async () => {
        return await repairDeposits(context, { deposits, database }, peers, signal);
      }),
    idle: async () => await abreast.idle(),
  };

  async function keep(deposit: PartyDeposit): Promise<void> {
    const { index } = context;
    if ('care' in deposit) await verifyAhead(context, deposit.care);
    const each = await context.turns.run(() => checkDeposit(context, deposit));
    if ('care' in deposit) await requireDispensable(context, deposits, deposit.care);
    const handle = each.source && handleOfDeposit(each.source.copy);
    // Rights that are over are put aside first: what only they needed makes room.
    if (handle !== undefined) await dueEpoch({ index, deposits }, handle, index.moment);
    await deposits.keep(each, chartView(context));
  }

  async function takeDeposits(): Promise<ReadonlySet<Organisation>> {
    await beginAnew();
    const told = new Set<Organisation>();
    const asking = peers.map(async (peer) => {
      if (await copyDepositsFrom(peer)) told.add(peer.name);
    });
    await Promise.allSettled(asking);
    return told;
  }

  /**
   * Discards all reading positions, which mean nothing if the end of the order was lost: those of peers here, and of
   * this node there.
   */
  async function beginAnew(): Promise<void> {
    if (hasBegunAnew) return;
    await deposits.copies.renew();
    const names = peers.map(({ name }) => name);
    await forgetCursors(database, names);
    hasBegunAnew = true;
  }

  async function collect(handles: AsyncIterable<Handle> | readonly Handle[]): Promise<void> {
    const { index } = context;
    for await (const handle of handles) {
      if (signal.aborted) return;
      await dueEpoch({ index, deposits }, handle, index.moment);
      await deposits.collect(handle, chartView(context));
    }
  }

  /** Tells whether the peer told all that it keeps. */
  async function copyDepositsFrom(peer: NamedPeer): Promise<boolean> {
    await context.index.refresh();
    return await locks.run(depositsLock(peer), async () => {
      if (signal.aborted) return false;
      return await blamed(peer, copyDeposits(context, { deposits, database }, peer));
    });
  }
}

/** The lock of what is copied of the packets, sheets, states and cards that a peer keeps. */
function depositsLock({ name }: NamedPeer): string {
  return `kept of ${name}`;
}
