import { bytesToUtf8, concatBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';

/** The most bytes that a JSON body may have. */
const LIMIT = 16 * 2 ** 20;

/**
 * Reads a JSON body, within the limit whatever its announced length.
 *
 * @param request - The HTTP request.
 * @throws MedsealError `REQUEST_TOO_LARGE`, `REQUEST_MALFORMED`.
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.length;
    if (length > LIMIT) throw new MedsealError('REQUEST_TOO_LARGE', { what: 'body', limit: LIMIT });
    parts.push(part);
  }
  try {
    return JSON.parse(bytesToUtf8(concatBytes(...parts)));
  } catch (cause) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'JSON' }, { cause });
  }
}
