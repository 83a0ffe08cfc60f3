import { parseJsonBytes } from '../../crypto/parseJsonBytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { REQUEST_JSON_LIMITS } from './limits/requestJsonLimits.ts';

/** The JSON in a body; nothing if it is not JSON: JSON-RPC has an answer of its own for that. */
export function jsonOrNothing(body: Uint8Array): unknown {
  try {
    return parseJsonBytes(body, REQUEST_JSON_LIMITS);
  } catch {
    return undefined;
  }
}

/**
 * The JSON in a body.
 *
 * @param body - Its bytes.
 * @throws MedsealError `REQUEST_MALFORMED`.
 */
export function jsonIn(body: Uint8Array): unknown {
  try {
    return parseJsonBytes(body, REQUEST_JSON_LIMITS);
  } catch (cause) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'JSON' }, { cause });
  }
}
