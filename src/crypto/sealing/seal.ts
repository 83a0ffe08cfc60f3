import { randomBytes } from '@noble/hashes/utils.js';
import { concatBytes } from '../bytes.ts';
import { createHeader } from './ageHeader.ts';
import { PAYLOAD_NONCE, payloadKey } from './payloadKey.ts';
import { PayloadStream } from './PayloadStream.ts';
import { portableCipher } from './portableCipher.ts';
import type { SealingOptions } from './SealingOptions.ts';

/**
 * Seals a stream as a standard age v1 file, whatever its size, with memory flat.
 *
 * Keys and nonces come from the platform's generator and cannot be injected: one that repeats would give the
 * plaintext away.
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
  recipients: readonly string[],
  plaintext: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: SealingOptions = {},
): AsyncGenerator<Uint8Array> {
  const { cipher = portableCipher } = options;
  const header = await createHeader(recipients, cipher.kem);
  const nonce = randomBytes(PAYLOAD_NONCE);
  const payload = PayloadStream.sealing(cipher, payloadKey(header.fileKey, nonce), options);
  yield concatBytes(header.bytes, nonce);
  for await (const piece of plaintext) yield* payload.push(piece);
  yield payload.end();
}
