import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EntryBody } from '../../protocol/evidence/evidence.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import type { Party } from '../party/Party.ts';

/**
 * Verifies that a sealed file is the one that an entry names.
 *
 * @param at - Start of a hash; a party has one.
 * @param body - Body of the entry, verified before.
 * @param sealed - All bytes of the file; they are read once.
 * @throws MedsealError `EVIDENCE_INVALID` if the entry is not an accepted write of a record, or the file has another
 * size or hash.
 * @example
 * ```ts
 * const receipt = await fetchReceipt(doctor, acknowledgement);
 * const body = verifyReceipt(doctor, network, receipt);
 * await verifySealedFile(doctor, body, [bytes]);
 * console.log('The receipt names this sealed file.');
 * ```
 */
export async function verifySealedFile(
  { createSha256 }: Pick<Party, 'createSha256'>,
  body: EntryBody,
  sealed: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  if (!('request' in body) || body.request.type !== 'Write' || body.flag !== 'A') {
    throw invalid('the entry is not an accepted write of a record');
  }
  const { file, size } = body.request.message as Write;
  const hash = createSha256();
  let length = 0;
  for await (const part of sealed) {
    hash.update(part);
    length += part.length;
  }
  if (length !== size) throw invalid(`the sealed file has ${length} bytes, the entry says ${size}`);
  if (bytesToHex(hash.digest()) !== file) throw invalid('the sealed file has another hash');
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
