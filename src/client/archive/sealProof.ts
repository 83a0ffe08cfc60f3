import { base64ToBytes, bytesToBase64 } from '../../crypto/base64.ts';
import { bytesToHex, bytesToUtf8, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { TAG_LENGTH, type PayloadCipher } from '../../crypto/sealing/PayloadCipher.ts';
import { headerLength, LONGEST_HEADER, openHeader } from '../../crypto/sealing/ageHeader.ts';
import { PAYLOAD_NONCE, payloadKey } from '../../crypto/sealing/payloadKey.ts';
import { PayloadStream } from '../../crypto/sealing/PayloadStream.ts';
import { portableCipher } from '../../crypto/sealing/portableCipher.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { CreateSha256 } from '../../crypto/Sha256Stream.ts';
import type { Bytes32, RecordId } from '../../protocol/ids.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { archiveJson } from './archiveJson.ts';

/** Bytes of plaintext in one chunk of a sealed file. */
const CHUNK = 64 * 1024;

/** Proof of what a sealed file holds: with the content it gives the file's bytes again, whose hash its author signed. */
export interface SealProof {
  readonly format: 'medseal-seal/1';
  readonly record: RecordId;
  readonly version: number;
  /** SHA-256 of the sealed file, as its author signed it. */
  readonly file: Bytes32;
  /** The sealed file up to its content: header and nonce, base64. */
  readonly head: string;
  /** Key of this one file, 16 bytes in hexadecimal. */
  readonly fileKey: string;
}

/** Values for proving and verifying seals: a fast cipher if there is one, and SHA-256. */
export interface SealPorts {
  readonly cipher?: PayloadCipher;
  readonly createSha256: CreateSha256;
}

/** The most bytes of a sealed file that stand before its content. */
export const LONGEST_HEAD = LONGEST_HEADER + PAYLOAD_NONCE;

/**
 * Makes the proof for a sealed file that is being opened.
 *
 * @param write - The version, as its author signed it.
 * @param beginning - The beginning of the sealed file, as far as its content or further.
 * @param fileKey - Key of the file.
 * @throws MedsealError `SEAL_UNREADABLE` if it is not an age file.
 */
export function proveSeal(
  { record, version, file }: Pick<Write, 'record' | 'version' | 'file'>,
  beginning: Uint8Array,
  fileKey: Uint8Array,
): SealProof {
  const length = headerLength(beginning);
  if (length === undefined) throw new MedsealError('SEAL_UNREADABLE', {});
  const head = bytesToBase64(beginning.subarray(0, length + PAYLOAD_NONCE));
  const key = bytesToHex(fileKey);
  return { format: 'medseal-seal/1', record, version, file, head, fileKey: key };
}

/**
 * Returns the size of what a sealed file holds.
 *
 * @param size - Size of the sealed file in bytes.
 * @param proof - Its proof.
 */
export function contentSize(size: number, { head }: Pick<SealProof, 'head'>): number {
  const payload = size - (base64ToBytes(head)?.length ?? 0);
  return payload - TAG_LENGTH * Math.ceil(payload / (CHUNK + TAG_LENGTH));
}

/** Returns a proof as the bytes of its file; there is only one form, so every byte counts. */
export function formatSealProof(proof: SealProof): Uint8Array {
  return utf8ToBytes(`${canonicalJson(proof)}\n`);
}

/**
 * Parses a proof, which may still prove nothing.
 *
 * @param bytes - The file.
 * @returns Undefined if it is malformed.
 */
export function parseSealProof(bytes: Uint8Array): SealProof | undefined {
  try {
    const text = bytesToUtf8(bytes);
    const proof = archiveJson(bytes) as SealProof | null;
    const isProof =
      typeof proof === 'object' &&
      proof?.format === 'medseal-seal/1' &&
      /^0x[0-9a-f]{32}$/.test(proof.fileKey) &&
      base64ToBytes(proof.head) !== undefined;
    return isProof && `${canonicalJson(proof)}\n` === text ? proof : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Verifies that a content is what the author of a version sealed: it seals the content again and compares size and hash with
 * those that the author signed. The header's authentication ties the key to the file, so that no second key gives another content.
 *
 * @param ports - Cipher and SHA-256.
 * @param write - The version, from a verified entry.
 * @param proof - The proof.
 * @param content - The content in pieces of any size.
 * @returns Reason why it is not; undefined if it is.
 */
export async function sealFault(
  { cipher = portableCipher, createSha256 }: SealPorts,
  write: Pick<Write, 'record' | 'version' | 'file' | 'size'>,
  proof: SealProof,
  content: AsyncIterable<Uint8Array>,
): Promise<string | undefined> {
  const { record, version, file } = proof;
  if (record !== write.record || version !== write.version || file !== write.file) {
    return 'the proof is of another record version';
  }
  const head = base64ToBytes(proof.head) ?? new Uint8Array();
  const header = head.subarray(0, -PAYLOAD_NONCE);
  const fileKey = hexToBytes(proof.fileKey);
  if (headerLength(head) !== header.length) return 'the proof does not hold a sealed file’s header';
  try {
    await openHeader([{ fileKey }], header, cipher.kem);
  } catch {
    return 'the key in the proof does not open the sealed file';
  }
  const hash = createSha256();
  let size = 0;
  const take = (piece: Uint8Array): void => {
    hash.update(piece);
    size += piece.length;
  };
  take(head);
  const key = payloadKey(fileKey, head.subarray(-PAYLOAD_NONCE));
  const payload = PayloadStream.sealing(cipher, key, { reuse: true });
  for await (const piece of content) for (const sealed of payload.push(piece)) take(sealed);
  take(payload.end());
  const isSame = size === write.size && bytesToHex(hash.digest()) === write.file;
  return isSame ? undefined : 'the content is not what its author signed';
}
