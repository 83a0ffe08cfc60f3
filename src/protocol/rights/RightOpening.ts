import type { Mandate } from '../care/mandates.ts';
import type { Address, Bytes32 } from '../ids.ts';
import { parseMessage } from '../struct/parseSigned.ts';
import type { Grant } from '../struct/requests.ts';
import { digestOf, type SigningContext } from '../struct/signing.ts';

/** Opening of what a request relies on beside the patient's own chart: a grant, or a mandate to act for the patient. */
export type RightOpening = Grant | Mandate;

/** Tells whether an opening is a mandate's. */
export function isMandate(opening: RightOpening): opening is Mandate {
  return 'key' in opening;
}

/**
 * Parses an opening.
 *
 * @param value - Not trusted.
 * @throws MedsealError `REQUEST_MALFORMED`.
 */
export function parseOpening(value: unknown): RightOpening {
  const isOfMandate = typeof value === 'object' && value !== null && 'key' in value;
  return isOfMandate ? parseMessage('Mandate', value) : parseMessage('Grant', value);
}

/** EIP-712 digest of an opening, by which the ledger knows it. */
export function digestOfOpening(context: SigningContext, opening: RightOpening): Bytes32 {
  return isMandate(opening)
    ? digestOf(context, 'Mandate', opening)
    : digestOf(context, 'Grant', opening);
}

/** The party that an opening names. */
export function holderOf(opening: RightOpening): Address {
  return isMandate(opening) ? opening.terms.representative : opening.terms.grantee;
}
