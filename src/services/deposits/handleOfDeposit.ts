import type { Handle } from '../../protocol/ids.ts';
import type { RuleType, Signed } from '../../protocol/struct/requests.ts';
import type { DepositCopy } from '../ports.ts';

/**
 * The patient whose quota something counts in; undefined for a card, and for a request of care.
 *
 * @param copy - The deposit, well formed.
 */
export function handleOfDeposit(copy: DepositCopy): Handle | undefined {
  if ('card' in copy || 'care' in copy) return undefined;
  const { request } = 'patient' in copy ? copy.patient : copy.submission;
  return (request as Signed<RuleType | 'Keep'>).message.handle;
}
