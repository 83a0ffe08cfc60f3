import { MedsealError } from '../../errors/MedsealError.ts';

/** Codes of a wrong answer, which does not tell if the request was refused, and of a log that may have it from before it was closed. */
const UNANSWERED: readonly string[] = [
  'EVIDENCE_INVALID',
  'LOG_CLOSED',
  'PEER_MALFORMED',
  'PEER_UNAUTHENTIC',
];

/** Tells whether an error of a submission says that it was refused for good: it is on no log as accepted, and never will be. */
export function isFinalRefusal(error: unknown): boolean {
  return error instanceof MedsealError && !error.retry && !UNANSWERED.includes(error.code);
}
