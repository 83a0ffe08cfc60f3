import { bytesToUtf8 } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { readBody } from './readBody.ts';

/** The most bytes that a JSON body may have. */
const LIMIT = 16 * 2 ** 20;

/**
 * Reads a JSON body, within the limit whatever its announced length.
 *
 * @param request - The HTTP request.
 * @throws MedsealError `REQUEST_TOO_LARGE`, `REQUEST_MALFORMED`.
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  const bytes = await readBody(request, LIMIT);
  try {
    return JSON.parse(bytesToUtf8(bytes));
  } catch (cause) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'JSON' }, { cause });
  }
}
