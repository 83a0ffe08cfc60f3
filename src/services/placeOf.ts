import type { RuleEvent } from '../bindings/readEvents.ts';
import { hideTerms, type HiddenType } from '../bindings/hideTerms.ts';
import type { LedgerPlace } from '../protocol/evidence/evidence.ts';
import { ZERO32 } from '../protocol/ids.ts';
import { LEDGER_REQUESTS, type LedgerType } from '../protocol/struct/ledgerRequests.ts';
import type { End, Messages, Revoke, Signed } from '../protocol/struct/requests.ts';
import { digestOf } from '../protocol/struct/signing.ts';
import type { ServiceContext } from './ServiceContext.ts';

/**
 * Returns the place on the ledger at which a request took effect; undefined if it did not.
 *
 * @param context - The node's own view.
 * @param request - The request, well formed.
 */
export function placeOf(
  context: Pick<ServiceContext, 'domain' | 'primitives' | 'index'>,
  { type, message }: Pick<Signed<LedgerType>, 'type' | 'message'>,
): LedgerPlace | undefined {
  const { index, primitives } = context;
  if (type === 'Grant') return index.granted(digestOf(context, type, message as Messages['Grant']));
  if (type === 'Revoke') {
    const { grant, epoch, packets } = message as Revoke;
    const ended = index.ended(grant);
    return ended?.epoch === epoch && ended.packets === packets ? ended : undefined;
  }
  // Whatever ended the right, it needs no other end.
  if (type === 'End') return index.ended((message as End).grant);
  const { effect } = LEDGER_REQUESTS[type];
  if (effect === undefined) return undefined;
  const [event, ...fields] = effect;
  const known = message as unknown as Readonly<Record<string, unknown>>;
  const values = fields.map((field) => known[field] ?? valueOf(field));
  return index.places.of(event as RuleEvent['kind'], ...values);

  /** The value of a field that only the event has. */
  function valueOf(field: string): unknown {
    // A prescription that another one replaces was not cancelled.
    if (field === 'replacement') return ZERO32;
    if (field !== 'termsHash') return digestOf(context, type, message);
    return hideTerms(primitives, type as HiddenType, message as Messages['Grant']).termsHash;
  }
}
