import { fetchReceipt, type ReceiptOptions } from '../client/fetchReceipt.ts';
import type { Party } from '../client/Party.ts';
import type { Acknowledgement, Receipt } from '../protocol/evidence.ts';
import type { Wait } from './sharedOptions.ts';

/**
 * Waits for what the user wants to wait for, once something was acknowledged.
 *
 * @param party - Who submitted it.
 * @param acknowledgement - What was answered.
 * @param wait - What `--wait` said.
 * @param options - A ledger to ask where the receipt is overdue; what ends the waiting.
 * @returns The receipt, verified with the network file alone, where it was waited for.
 * @throws MedsealError as `fetchReceipt`.
 */
export async function awaitEvidence(
  party: Party,
  acknowledgement: Acknowledgement,
  wait: Wait | undefined,
  options: ReceiptOptions = {},
): Promise<Receipt | undefined> {
  if (wait !== 'receipt') return undefined;
  return await fetchReceipt(party, acknowledgement, options);
}
