import { catalogue, type ErrorCode, type ErrorDetails } from './catalogue.ts';
import { MedsealError } from './MedsealError.ts';

/** The most characters of a value that a peer names, and the most values. */
const [LONGEST, MOST] = [2000, 16];

/**
 * Makes the error again that a peer sent as a problem; a problem of an unknown form becomes `PEER_MALFORMED`. Its words
 * are the peer's: they are cut where they are too long, and hold nothing that a terminal would obey.
 *
 * @param problem - The decoded value, not trusted to be of any form.
 */
export function fromProblem(problem: unknown): MedsealError {
  const { code, values } = (problem ?? {}) as { code?: unknown; values?: unknown };
  const named = valuesIn(values ?? {});
  if (typeof code !== 'string' || !Object.hasOwn(catalogue, code) || named === undefined) {
    return new MedsealError('PEER_MALFORMED', { what: 'error' });
  }
  return new MedsealError(code as ErrorCode, named as ErrorDetails<ErrorCode>);
}

/** Numbers and short texts by name; undefined if something else is among them. */
function valuesIn(values: unknown): Record<string, string | number> | undefined {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return undefined;
  const entries = Object.entries(values);
  if (entries.length > MOST) return undefined;
  const named: [string, string | number][] = [];
  for (const [name, value] of entries) {
    if (typeof value === 'number') named.push([name, value]);
    else if (typeof value === 'string') named.push([name, plain(value)]);
    else return undefined;
  }
  return Object.fromEntries(named);
}

function plain(text: string): string {
  // Half of a character must not be left where it is cut.
  return text
    .slice(0, LONGEST)
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '\u{fffd}');
}
