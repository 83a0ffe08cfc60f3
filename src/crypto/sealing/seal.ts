import { beginSeal } from './beginSeal.ts';
import { PayloadStream } from './PayloadStream.ts';
import { portableCipher } from './portableCipher.ts';
import type { SealTarget } from './ageHeader.ts';
import type { SealingOptions } from './SealingOptions.ts';

/**
 * Seals a stream as a standard age v1 file, whatever its size, with memory flat.
 *
 * @param recipients - 1 to 32 post-quantum hybrid age recipients (`age1pq1…`).
 * @param plaintext - The bytes to seal, in pieces of any size.
 * @param options - The cipher, and `reuse`: memory is used again.
 * @returns The file in pieces.
 * @throws MedsealError `REQUEST_MALFORMED` if a recipient is malformed, or the list is empty; `REQUEST_TOO_LARGE` if
 * there are too many.
 * @example
 * ```ts
 * for await (const piece of seal([recipient], file.stream())) await writer.write(piece);
 * ```
 */
export async function* seal(
  recipients: readonly SealTarget[],
  plaintext: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: SealingOptions = {},
): AsyncGenerator<Uint8Array> {
  const { cipher = portableCipher } = options;
  const { head, key } = await beginSeal(recipients, cipher.kem);
  const payload = PayloadStream.sealing(cipher, key, options);
  yield head;
  for await (const piece of plaintext) yield* payload.push(piece);
  yield payload.end();
}
