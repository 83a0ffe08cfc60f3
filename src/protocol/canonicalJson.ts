import canonicalize from 'canonicalize';
import { MedsealError } from '../errors/MedsealError.ts';

/**
 * A value as canonical JSON (RFC 8785), the form in which it is hashed.
 *
 * @param value - What JSON can carry.
 * @throws MedsealError `REQUEST_MALFORMED` for what it can not (a cycle, NaN, a function).
 */
export function canonicalJson(value: unknown): string {
  try {
    const text = canonicalize(value);
    if (text !== undefined) return text;
  } catch (cause) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'JSON' }, { cause });
  }
  throw new MedsealError('REQUEST_MALFORMED', { what: 'JSON' });
}
