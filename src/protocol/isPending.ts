import type { EntryProof, PendingReceipt } from './evidence.ts';

/**
 * Tells whether a node said that a receipt is yet to come.
 *
 * @param answer - Answer of the node, not trusted.
 */
export function isPending(answer: EntryProof | PendingReceipt): answer is PendingReceipt {
  return (answer as Partial<PendingReceipt> | null)?.status === 'pending';
}
