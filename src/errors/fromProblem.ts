import { catalogue, type ErrorCode, type ErrorDetails } from './catalogue.ts';
import { MedsealError } from './MedsealError.ts';

/** Largest number of characters of a value that a peer names, and largest number of values. */
const [LONGEST, MOST] = [2000, 16];

/**
 * Parses an error that a peer sent as a problem; a malformed problem becomes `PEER_MALFORMED`. The values are the
 * peer's text: they are cut if they are too long, and contain nothing that a terminal would obey.
 *
 * @param problem - Decoded value, not trusted.
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
