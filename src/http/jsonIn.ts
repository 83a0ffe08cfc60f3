import { parseJsonBytes } from '../crypto/parseJsonBytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Shape } from '../protocol/wire/findShapeError.ts';
import { requestJsonLimits } from './limits/requestJsonLimits.ts';

/** Parses the JSON-RPC in a body; undefined if it is not JSON: JSON-RPC has an answer of its own for that. */
export function jsonOrNothing(body: Uint8Array): unknown {
  try {
    return parseJsonBytes(body, requestJsonLimits('any', body.length));
  } catch {
    return undefined;
  }
}

/**
 * Parses the JSON in a body.
 *
 * @param body - The bytes of the body, bounded by the limits of requests.
 * @param shape - Shape of the value, which the caller of this requires.
 * @throws MedsealError `REQUEST_MALFORMED`.
 */
export function jsonIn(body: Uint8Array, shape: Shape): unknown {
  try {
    return parseJsonBytes(body, requestJsonLimits(shape, body.length));
  } catch (cause) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'JSON' }, { cause });
  }
}
