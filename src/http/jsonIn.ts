import { parseJsonBytes } from '../crypto/parseJsonBytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { REQUEST_JSON_LIMITS } from './limits/requestJsonLimits.ts';

/** Parses the JSON in a body; undefined if it is not JSON: JSON-RPC has an answer of its own for that. */
export function jsonOrNothing(body: Uint8Array): unknown {
  try {
    return parseJsonBytes(body, REQUEST_JSON_LIMITS);
  } catch {
    return undefined;
  }
}

/**
 * Parses the JSON in a body.
 *
 * @param body - The bytes of the body.
 * @throws MedsealError `REQUEST_MALFORMED`.
 */
export function jsonIn(body: Uint8Array): unknown {
  try {
    return parseJsonBytes(body, REQUEST_JSON_LIMITS);
  } catch (cause) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'JSON' }, { cause });
  }
}
