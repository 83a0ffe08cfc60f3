import { base64 } from '@scure/base';
import { bytesToUtf8, utf8ToBytes } from '../../../crypto/bytes.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { canonicalJson } from '../../../protocol/wire/canonicalJson.ts';
import type { ClaimEvidence, EvidencePiece } from '../../letters/ClaimTold.ts';

/** Characters of a piece: a letter holds it, with the dispute and sixteen changes of its party's key. */
const PIECE = 36_000;
/** Pieces of one evidence, half as many as letters of one party that may wait for another. */
const MOST_PIECES = 16;

/**
 * Cuts the evidence of a dispute into pieces that fit in letters.
 *
 * @param evidence - All of it.
 * @throws MedsealError `REQUEST_TOO_LARGE` for more than 16 pieces.
 */
export function evidencePieces(evidence: ClaimEvidence): readonly EvidencePiece[] {
  const text = base64.encode(utf8ToBytes(canonicalJson(evidence)));
  const of = Math.ceil(text.length / PIECE);
  if (of > MOST_PIECES) {
    throw new MedsealError('REQUEST_TOO_LARGE', { what: 'evidence', limit: MOST_PIECES * PIECE });
  }
  return Array.from({ length: of }, (_, at) => {
    return { at, of, text: text.slice(at * PIECE, (at + 1) * PIECE) };
  });
}

/**
 * Puts pieces together again.
 *
 * @param pieces - Of one dispute, in any order; not trusted.
 * @returns The evidence, not examined; undefined if a piece is missing.
 * @throws Error if it is not JSON.
 */
export function joinedEvidence(pieces: readonly EvidencePiece[]): ClaimEvidence | undefined {
  const sorted = pieces.toSorted((left, right) => left.at - right.at);
  const isWhole =
    sorted.length > 0 && sorted.every(({ at, of }, place) => at === place && of === sorted.length);
  if (!isWhole) return undefined;
  const text = sorted.map((piece) => piece.text).join('');
  return JSON.parse(bytesToUtf8(base64.decode(text))) as ClaimEvidence;
}
