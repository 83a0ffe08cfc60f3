import { MedsealError } from '../../errors/MedsealError.ts';
import { concatBytes } from '../bytes.ts';
import { headerLength, LONGEST_HEADER, openHeader, type Opener } from './ageHeader.ts';
import { PAYLOAD_NONCE, payloadKey } from './payloadKey.ts';
import { PayloadStream } from './PayloadStream.ts';
import { portableCipher } from './portableCipher.ts';
import type { SealingOptions } from './SealingOptions.ts';

/**
 * Opens an age v1 file as a stream, whatever its size, with memory flat. The pieces that it gives are authentic; only
 * the end shows that the file is whole. So whoever must not act on a part waits for the end, and whoever must not act
 * on another file compares its hash first.
 *
 * @param openers - age identities (`AGE-SECRET-KEY-PQ-1…`), tried in turn, or the key of that one file.
 * @param ciphertext - The file in pieces of any size.
 * @param options - The cipher, and `reuse`: memory is used again; `onFileKey`: called with the key of this one file, before
 * anything is opened with it.
 * @returns The plaintext in pieces.
 * @throws MedsealError `SEAL_UNREADABLE` if no opener fits, or at the first chunk that was altered; it does
 * not tell which. Errors of `ciphertext` pass as they are.
 */
export async function* open(
  openers: readonly Opener[],
  ciphertext: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: SealingOptions & { readonly onFileKey?: (fileKey: Uint8Array) => void } = {},
): AsyncGenerator<Uint8Array> {
  const { cipher = portableCipher } = options;
  let beginning: Uint8Array = new Uint8Array();
  let payload: PayloadStream | undefined;
  for await (const piece of ciphertext) {
    if (payload !== undefined) {
      yield* payload.push(piece);
      continue;
    }
    const known = beginning.length === 0 ? piece : concatBytes(beginning, piece);
    const length = headerLength(known) ?? known.length;
    if (length > LONGEST_HEADER) throw unreadable();
    const start = length + PAYLOAD_NONCE;
    if (known.length < start) {
      beginning = known.slice();
      continue;
    }
    const fileKey = await openHeader(openers, known.subarray(0, length), cipher.kem);
    options.onFileKey?.(fileKey);
    payload = PayloadStream.opening(
      cipher,
      payloadKey(fileKey, known.subarray(length, start)),
      options,
    );
    yield* payload.push(known.subarray(start));
  }
  if (payload === undefined) throw unreadable();
  yield payload.end();
}

function unreadable(): MedsealError {
  return new MedsealError('SEAL_UNREADABLE', {});
}
