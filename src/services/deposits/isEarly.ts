import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { End, RuleType, Signed } from '../../protocol/struct/requests.ts';
import type { DepositCopy } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * Tells whether a copy depends on something that this node's view of the ledger does not know: a party that applied and
 * is not enrolled yet, a change of key, a chart or a grant of a newer block. The peer that keeps it is not at fault, and later it may be
 * needed.
 *
 * @param context - The node's own view.
 * @param copy - Not trusted.
 */
export function isEarly({ index }: Pick<ServiceContext, 'index'>, copy: DepositCopy): boolean {
  return succeeds(() => {
    if ('card' in copy) {
      const known = index.party(copy.card.party);
      return known === undefined || changesOf(copy) > (known.key?.change ?? 0);
    }
    if ('care' in copy) {
      const { party, message } = copy.care.request;
      const isOfUnknown =
        ('prescription' in message &&
          index.prescriptions.facts(message.prescription) === undefined) ||
        ('claim' in message && index.claims.facts(message.claim) === undefined);
      return isOfUnknown || index.party(party) === undefined;
    }
    const { request, packets = [] } = 'patient' in copy ? copy.patient : copy.submission;
    const { handle } = (request as Signed<RuleType | 'Keep'>).message;
    if (index.patient(handle) === undefined) return true;
    // A grant's own packet comes before the grant is known.
    if (request.type === 'Grant') return false;
    if (request.type === 'End') {
      const { grant } = request.message as End;
      return index.grant(grant) === undefined || index.party(request.party)?.suspended === true;
    }
    return packets.some(({ grant }) => index.grant(grant) === undefined);
  });
}

/**
 * Tells whether a copy is a card of the time before the ledger's last change of its party's key: the peer that keeps it
 * was away since, and is not at fault either.
 *
 * @param context - The node's own view.
 * @param copy - Not trusted.
 */
export function isFormerCard({ index }: Pick<ServiceContext, 'index'>, copy: DepositCopy): boolean {
  return succeeds(() => {
    if (!('card' in copy)) return false;
    return changesOf(copy) < (index.party(copy.card.party)?.key?.change ?? 0);
  });
}

/** Number of the last change of key that a card proves; 0 for the card of a first key. */
function changesOf({ card }: Extract<DepositCopy, { card: unknown }>): number {
  return card.keyChanges?.at(-1)?.message.change ?? 0;
}
