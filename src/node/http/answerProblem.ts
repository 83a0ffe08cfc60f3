import { toMedsealError } from '../../errors/toMedsealError.ts';

/**
 * An error as an HTTP answer: RFC 9457 problem details. The one place where errors become statuses.
 *
 * @param error - Anything that was thrown.
 */
export function answerProblem(error: unknown): Response {
  const problem = toMedsealError(error).toProblem();
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  });
}
