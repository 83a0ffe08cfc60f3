import { malformed } from '../../errors/malformed.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { HIDDEN_DAYS, type Mandate } from '../../protocol/care/mandates.ts';
import type { Hex } from '../../protocol/ids.ts';
import { RECIPIENT } from '../../protocol/shapes/askedShapes.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { messageShape } from '../../protocol/shapes/messageShape.ts';
import { signerOf } from '../../protocol/struct/signing.ts';
import { OneOf, SIGNATURE } from '../../protocol/wire/findShapeError.ts';
import { parseJsonOf } from '../../protocol/wire/parseJsonOf.ts';
import type { Party } from '../party/Party.ts';

/** A mandate that a party offers to take: the patient signs the same words, or does not. */
export interface MandateOffer {
  readonly format: 'medseal-mandate/1';
  readonly mandate: Mandate;
  /** age recipient of the acting key. */
  readonly recipient: string;
  /** Signature of the representative's own key over the mandate's digest. */
  readonly signature: Hex;
  /** Signature of the acting key over it, which shows that the representative has it. */
  readonly keySignature: Hex;
}

const OFFER = {
  format: new OneOf('medseal-mandate/1'),
  mandate: messageShape('Mandate'),
  recipient: RECIPIENT,
  signature: SIGNATURE,
  keySignature: SIGNATURE,
} as const;

/** Most characters of an offer. */
const MOST = 16_384;

/**
 * Parses an offer from a file.
 *
 * @param text - JSON, not trusted.
 * @throws MedsealError `REQUEST_MALFORMED`.
 * @example
 * ```ts
 * const { mandate } = parseMandateOffer(new TextDecoder().decode(bytes));
 * console.log(mandate.terms.reason);
 * ```
 */
export function parseMandateOffer(text: string): MandateOffer {
  if (text.length > MOST) throw malformed('mandate offer');
  return parseJsonOf(OFFER, text, () => malformed('mandate offer'));
}

/**
 * Requires that an offer is one: the representative signed it with the key that k coordinators know, and has the acting key.
 *
 * @param party - Whoever reads it.
 * @param offer - Of the right form, not trusted.
 * @param representative - Address of the representative's present key.
 * @throws MedsealError `SIGNATURE_INVALID`; `KEY_UNAUTHENTIC` for another recipient than the one that is signed; `ARGUMENT_INVALID` if
 * the ledger would take it for over earlier than it states, or more than 90 days later.
 * @example
 * ```ts
 * const { representative } = offer.mandate.terms;
 * const { party: facts } = await confirmFacts(patient, { party: representative });
 * requireOffered(patient, offer, facts?.key?.signer ?? representative);
 * ```
 */
export function requireOffered(
  party: Party,
  { mandate, recipient, signature, keySignature }: MandateOffer,
  representative: string | undefined,
): void {
  if (recipientHash(party.primitives, recipient) !== mandate.terms.recipient) {
    throw new MedsealError('KEY_UNAUTHENTIC', { what: 'recipient of the mandate' });
  }
  const isSigned =
    signerOf(party, 'Mandate', mandate, signature) === representative &&
    signerOf(party, 'Mandate', mandate, keySignature) === mandate.key;
  if (!isSigned) throw new MedsealError('SIGNATURE_INVALID', {});
  // The patient reads the exact end: a ledger that goes on for years would keep the key of somebody who acts no longer.
  const hidden = mandate.until - mandate.terms.until;
  if (hidden < 0 || hidden > HIDDEN_DAYS * 86_400) {
    const reason = 'its end on the ledger does not fit the one that it states';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'offer', reason });
  }
}
