import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { SentLetter } from '../../protocol/AgentPort.ts';
import { authenticate, requireEnrolled } from '../../protocol/evidence/judgeEvidence.ts';
import { requireActive } from '../../protocol/rights/judgeRight.ts';
import { parseSigned } from '../../protocol/struct/parseSigned.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { saltOfStep } from '../../protocol/care/saltOfStep.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { NamedLetter } from './LetterStore.ts';

/** The most characters of a sealed letter, in base64. */
export const LONGEST_LETTER = 64 * 1024;
/** Seconds for which a letter may wait, at most. */
export const LONGEST_LETTER_WAIT = 90 * 24 * 3600;

/**
 * Checks that an active party of the network wrote a letter to another, and that it is whole and small.
 *
 * @param context - The node's own view.
 * @param offered - Not trusted.
 * @throws MedsealError `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `SIGNATURE_INVALID`, `REQUEST_LATE`, `REQUEST_EARLY`,
 * `REQUEST_TOO_LARGE`, `REQUEST_MALFORMED`.
 */
export function checkLetter(context: ServiceContext, offered: SentLetter): NamedLetter {
  const { index, primitives } = context;
  const request = parseSigned(offered?.request, ['Letter']);
  const { sealed, step }: { sealed?: unknown; step?: Bytes32 } = offered;
  const { to, letter, until } = request.message;
  if (typeof sealed !== 'string') throw new MedsealError('REQUEST_MALFORMED', { what: 'letter' });
  if (sealed.length > LONGEST_LETTER) {
    throw new MedsealError('REQUEST_TOO_LARGE', { what: 'letter', limit: LONGEST_LETTER });
  }
  const id = authenticate(context, index, request);
  requireActive(index, request.party);
  requireEnrolled(index, to);
  if (until < index.moment) throw new MedsealError('REQUEST_LATE', {});
  if (until > index.moment + LONGEST_LETTER_WAIT) throw new MedsealError('REQUEST_EARLY', {});
  if (bytesToHex(primitives.sha256(utf8ToBytes(sealed))) !== letter) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'letter' });
  }
  if (step !== undefined && saltOfStep(step) !== request.message.salt) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'step' });
  }
  return { id, letter: { request, ...(step !== undefined && { step }), sealed } };
}
