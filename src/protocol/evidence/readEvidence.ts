import { utf8ToBytes } from '../../crypto/bytes.ts';
import type { MedsealError } from '../../errors/MedsealError.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type {
  EvidenceReader,
  HashedText,
  InTurn,
  ReadBody,
  ReadSignature,
} from './EvidenceReader.ts';
import { keyAfter } from '../rights/keyAfter.ts';
import { LASTING_TYPES } from '../struct/lastingTypes.ts';
import { parseEntryBody } from './parseBody.ts';
import type { Signed } from '../struct/requests.ts';
import { digestOf, recoverSigner, type SigningContext } from '../struct/signing.ts';

/**
 * Finds out which key signed a request. A request that lasts must prove by its changes of key that the key was its
 * party's: what cannot be verified later is not taken now.
 *
 * @param context - Domain and primitives.
 * @param request - The request, parsed.
 * @param at - Moment at which it was judged, Unix seconds; now if absent.
 */
export function readSignature(
  context: SigningContext,
  request: Signed,
  at?: number,
): ReadSignature {
  const digest = digestOf(context, request.type, request.message);
  try {
    const signer = recoverSigner(context, digest, request.signature);
    const isOwn =
      !LASTING_TYPES.includes(request.type) ||
      signer === keyAfter(context, request.party, request.keyChanges, at);
    return isOwn ? { digest, signer } : { digest };
  } catch (error) {
    if (isMedsealError(error, 'SIGNATURE_INVALID')) return { digest };
    throw error;
  }
}

/**
 * Hashes a text.
 *
 * @param context - SHA-256.
 * @param text - Any.
 */
export function hashText(
  { primitives }: Pick<SigningContext, 'primitives'>,
  text: string,
): HashedText {
  const bytes = utf8ToBytes(text);
  return { bytes, entry: primitives.sha256(bytes) };
}

/**
 * Parses a body.
 *
 * @param context - Domain and primitives.
 * @param text - Not trusted.
 * @param hashed - Text as `hashText` hashed it, if it did.
 * @throws MedsealError `REQUEST_MALFORMED`.
 */
export function readEvidenceBody(
  context: SigningContext,
  text: string,
  hashed?: HashedText,
): ReadBody {
  const body = parseEntryBody(text);
  const read = { body, ...(hashed ?? hashText(context, text)) };
  if (body.format === 'medseal-summary/1') return read;
  return { ...read, signature: readSignature(context, body.request, body.at) };
}

/**
 * Makes a reader that works in the same thread.
 *
 * @param context - Domain and primitives.
 * @param inTurn - Does the work for one item; at once unless given.
 */
export function createEvidenceReader(
  context: SigningContext,
  inTurn: InTurn = async (work) => await Promise.resolve(work()),
): EvidenceReader {
  const each = async <Item, Result>(
    items: readonly Item[],
    read: (item: Item) => Result,
  ): Promise<readonly Result[]> => {
    const results: Result[] = [];
    for (const item of items) results.push(await inTurn(() => read(item)));
    return results;
  };
  return {
    requests: async (requests) => await each(requests, (item) => readSignature(context, item)),
    bodies: async (texts) => await each(texts, (text) => tryBody(context, text)),
  };
}

/**
 * Parses a body, as `readBody` does, and returns an error as a value.
 *
 * @param context - Domain and primitives.
 * @param text - Not trusted.
 */
export function tryBody(context: SigningContext, text: string): ReadBody | MedsealError {
  try {
    return readEvidenceBody(context, text);
  } catch (error) {
    return toMedsealError(error);
  }
}
