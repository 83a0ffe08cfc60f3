import type { Context } from 'hono';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { toPublicError } from '../errors/toPublicError.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import { requestIdOf } from './identifyRequest.ts';

/** Statuses after which the caller should try again, with the seconds to wait. */
const RETRY_AFTER: Readonly<Record<number, number>> = { 408: 1, 425: 1, 429: 10, 503: 1, 507: 60 };
/** Statuses after which the rest of the request is not read. */
const CLOSING: readonly number[] = [408, 413];

/**
 * Answers with an error as RFC 9457 problem details. Only here do errors become HTTP statuses.
 *
 * @param error - The value that was thrown.
 * @param c - The request, if it was identified.
 */
export function answerProblem(error: unknown, c?: Context): Response {
  const problem = toPublicError(toMedsealError(error)).toProblem();
  const { status } = problem;
  const id = c && requestIdOf(c);
  const named = { ...problem, ...(id !== undefined && { instance: `urn:medseal:request:${id}` }) };
  const answer = new Response(JSON.stringify(named), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  });
  const retryAfter = RETRY_AFTER[status];
  if (retryAfter !== undefined) answer.headers.set('retry-after', String(retryAfter));
  // RFC 9110, section 15.5.2: an answer with 401 names the scheme. `Peer` is that of calls between organisations.
  if (status === 401)
    answer.headers.set('www-authenticate', problem.code.startsWith('PEER_') ? 'Peer' : 'Medseal');
  if (isMedsealError(error, 'RANGE_OUTSIDE')) {
    answer.headers.set('content-range', `bytes */${error.values.size}`);
  }
  if (CLOSING.includes(status)) answer.headers.set('connection', 'close');
  return answer;
}
