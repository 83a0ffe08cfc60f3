import type { EntryProof, PendingReceipt } from '../evidence/evidence.ts';

/**
 * Tells whether a node said that a receipt is yet to come.
 *
 * @param answer - Answer of the node, not trusted.
 * @example
 * ```ts
 * const { log, index } = acknowledgement;
 * const answer = await agent.receipt({ log, index });
 * console.log(isPending(answer) ? 'not yet' : `on the ledger: ${answer.ledger.transaction}`);
 * ```
 */
export function isPending(answer: EntryProof | PendingReceipt): answer is PendingReceipt {
  return (answer as Partial<PendingReceipt> | null)?.status === 'pending';
}
