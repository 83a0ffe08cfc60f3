import { catalogue, type ErrorCode, type ErrorDetails } from './catalogue.ts';
import { MedsealError } from './MedsealError.ts';

/**
 * Makes the error again that a peer sent as a problem; a problem of an unknown form becomes `PEER_MALFORMED`.
 *
 * @param problem - The decoded value, not trusted to be of any form.
 */
export function fromProblem(problem: unknown): MedsealError {
  const { code, values } = (problem ?? {}) as { code?: unknown; values?: unknown };
  if (typeof code !== 'string' || !Object.hasOwn(catalogue, code)) {
    return new MedsealError('PEER_MALFORMED', { what: 'error' });
  }
  return new MedsealError(code as ErrorCode, (values ?? {}) as ErrorDetails<ErrorCode>);
}
