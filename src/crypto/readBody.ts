import { concatBytes } from './bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';

/**
 * Reads a body, within a limit whatever its announced length.
 *
 * @param message - The HTTP request or response.
 * @param limit - The most bytes that it may have.
 * @throws MedsealError `REQUEST_TOO_LARGE`.
 */
export async function readBody(
  message: { readonly body: AsyncIterable<Uint8Array> | null },
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of message.body ?? []) {
    length += part.length;
    if (length > limit) throw new MedsealError('REQUEST_TOO_LARGE', { what: 'body', limit });
    parts.push(part);
  }
  return concatBytes(...parts) as Uint8Array<ArrayBuffer>;
}
