import { malformed } from '../../errors/malformed.ts';
import type { Mandate } from '../../protocol/care/mandates.ts';
import type { Hex } from '../../protocol/ids.ts';
import { RECIPIENT } from '../../protocol/shapes/askedShapes.ts';
import { messageShape } from '../../protocol/shapes/messageShape.ts';
import { OneOf, SIGNATURE } from '../../protocol/wire/findShapeError.ts';
import { parseJsonOf } from '../../protocol/wire/parseJsonOf.ts';

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
