import type { Submission } from '../protocol/AgentPort.ts';
import type { LedgerIndex } from './LedgerIndex.ts';

/**
 * Brings a node's view of the ledger up to date for requests that came together. Ends of rights that begin no epoch wait for no
 * ledger: they are judged by the view that there is.
 *
 * @param index - The node's view.
 * @param submissions - Not trusted.
 * @returns True if all of them are such ends.
 * @throws MedsealError `LEDGER_UNREACHABLE` unless they are.
 */
export async function refreshFor(
  index: Pick<LedgerIndex, 'refresh'>,
  submissions: readonly Submission[],
): Promise<boolean> {
  const areEnds = submissions.every((each) => each?.request?.type === 'End');
  await index.refresh().catch((error: unknown) => {
    if (!areEnds) throw error;
  });
  return areEnds;
}
