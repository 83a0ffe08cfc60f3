import { MedsealError } from '../../errors/MedsealError.ts';
import type { PlacedCheckpoint } from '../../protocol/evidence/evidence.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { verifyCheckpoint } from '../../protocol/evidence/verifyCheckpoint.ts';
import { verifyPlace } from '../../protocol/evidence/verifyPlace.ts';
import { awaitBlock } from '../awaitBlock.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * Refuses a checkpoint that k coordinators did not sign, or whose place on the ledger is not the one that its log
 * signed and that the ledger has: a node that keeps it gives it to others, with its place.
 *
 * @param context - The organisation's context.
 * @param placed - From a peer, not trusted.
 * @throws MedsealError `EVIDENCE_INVALID`; `NOT_YET` if the ledger is not so far yet; `LEDGER_UNREACHABLE`.
 */
export async function requirePlaced(
  context: ServiceContext,
  { checkpoint, ledger }: PlacedCheckpoint,
): Promise<void> {
  const { index, network, primitives } = context;
  verifyCheckpoint(context, network, checkpoint);
  verifyPlace(primitives, network, checkpoint, ledger);
  const { log } = logOf(network, checkpoint.log);
  // The organisation of the log may have the block a moment before one's own validator has it.
  const known = index.checkpoint(log.id)?.size ?? 0;
  if (known < checkpoint.size) await awaitBlock(context, ledger.block);
  if (await index.holdsCheckpoint(log.id, checkpoint, ledger)) return;
  const reason = 'the ledger holds no such checkpoint in that transaction and block';
  throw new MedsealError('EVIDENCE_INVALID', { reason });
}
