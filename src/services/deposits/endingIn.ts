import type { End, Signed } from '../../protocol/struct/requests.ts';
import type { DepositCopy } from '../ports.ts';

/**
 * Returns the patient's request to end a right, which waits for the ledger; undefined for any other deposit.
 *
 * @param copy - The deposit, well formed.
 */
export function endingIn(
  copy: DepositCopy,
): (Signed<'End'> & { readonly message: End }) | undefined {
  if (!('submission' in copy)) return undefined;
  const { request } = copy.submission;
  return request.type === 'End' ? (request as Signed<'End'>) : undefined;
}
