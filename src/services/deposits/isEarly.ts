import { succeeds } from '../../protocol/succeeds.ts';
import type { DepositCopy } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * Tells whether a copy depends on something that this node's view of the ledger does not know: a party that applied and
 * is not enrolled yet, a chart or a grant of a newer block. The peer that keeps it is not at fault, and later it may be
 * needed.
 *
 * @param context - The node's own view.
 * @param copy - Not trusted.
 */
export function isEarly({ index }: Pick<ServiceContext, 'index'>, copy: DepositCopy): boolean {
  return succeeds(() => {
    if ('card' in copy) return index.party(copy.card.party) === undefined;
    const { request, packets = [] } = 'patient' in copy ? copy.patient : copy.submission;
    if (index.patient(request.message.handle) === undefined) return true;
    // A grant's own packet comes before the grant is known.
    if (request.type === 'Grant') return false;
    return packets.some(({ grant }) => index.grant(grant) === undefined);
  });
}
