import type { Handle } from '../../protocol/ids.ts';
import type { DepositCopy } from '../ports.ts';

/**
 * The patient whose quota something counts in; undefined for a card.
 *
 * @param copy - The deposit, well formed.
 */
export function handleOfDeposit(copy: DepositCopy): Handle | undefined {
  if ('card' in copy) return undefined;
  const { request } = 'patient' in copy ? copy.patient : copy.submission;
  return request.message.handle;
}
