import { isMedsealError } from '../errors/isMedsealError.ts';

/**
 * Tells whether the ledger answered with an error of one of these codes, or with one of these words in its message: nodes
 * agree on the words more than on the codes.
 */
export function isRpcError(
  error: unknown,
  codes: readonly number[],
  ...words: readonly string[]
): boolean {
  if (!isMedsealError(error, 'LEDGER_REJECTED')) return false;
  const { code, reason } = error.values;
  const message = reason.toLowerCase();
  return codes.includes(code) || words.some((word) => message.includes(word));
}
