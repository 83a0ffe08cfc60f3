import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import {
  copyDeposits,
  fetchDeposits,
  forgetCursors,
  type DepositCopying,
  type DepositPeer,
} from './copyDeposits.ts';

/** Result of a repair among packets, sheets, states and cards. */
export interface DepositRepair {
  /** Number of examined requests and cards, with what they bind. */
  readonly examined: number;
  /** Those that had lost or altered parts, and were restored from a peer. */
  readonly restored: readonly Bytes32[];
  /** Those that no peer could give as they were. */
  readonly lost: readonly Bytes32[];
}

/**
 * Examines all deposits, repairs damage with those of peers, and searches the peers' deposits for what is missing here.
 *
 * @param context - The organisation's context, its view of the ledger up to date.
 * @param options - Options of the copying, with the deposits.
 * @param peers - Peers to ask; not trusted.
 * @param signal - Ends the repair early.
 * @throws MedsealError `CLOSED` if it was ended.
 */
export async function repairDeposits(
  context: ServiceContext,
  options: DepositCopying,
  peers: readonly DepositPeer[],
  signal: AbortSignal,
): Promise<DepositRepair> {
  const { deposits, database } = options;
  let damaged: readonly Bytes32[] = [];
  let examined = 0;
  for await (const { id, sound } of deposits.copies.examine()) {
    if (signal.aborted) throw new MedsealError('CLOSED', { what: 'contributor' });
    examined += 1;
    if (!sound) damaged = [...damaged, id];
  }
  const restored: Bytes32[] = [];
  for (const peer of peers) {
    const { done } = await fetchDeposits(context, deposits, peer, damaged).catch(() => ({
      done: [],
    }));
    restored.push(...done);
    damaged = damaged.filter((id) => !restored.includes(id));
  }
  await forgetCursors(
    database,
    peers.map(({ name }) => name),
  );
  for (const peer of peers) await copyDeposits(context, options, peer).catch(() => undefined);
  return { examined, restored, lost: damaged };
}
