import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import type { ReadSignature } from '../../protocol/evidence/EvidenceReader.ts';
import type { AuthorityFile } from '../../protocol/struct/signing.ts';
import type { Domain } from '../../protocol/struct/typedData.ts';

/** Work of a thread: texts of one kind in UTF-8, one after the other. */
export interface Job {
  readonly id: number;
  readonly domain: Domain;
  /** Those by whom keys were recovered; absent if nobody could. */
  readonly network?: AuthorityFile;
  /** `bodies` are texts of bodies; `requests` are requests that were parsed, as JSON. */
  readonly kind: 'bodies' | 'requests';
  readonly bytes: Uint8Array;
  /** Offset of the end of each text. */
  readonly ends: Uint32Array;
}

/** Results of a thread: a frame for each text. */
export interface FoundFrame {
  readonly id: number;
  readonly frames: Uint8Array;
}

/** Result of reading a text; undefined if it is malformed, or not worth a frame. */
export type FoundText =
  | {
      /** SHA-256 of a body; zeros for a request. */
      readonly entry: Uint8Array;
      readonly signature?: ReadSignature;
    }
  | undefined;

/** Kinds of frame: nothing of use, the entry alone, with a digest, or with a digest and its signer. */
const NOTHING = 0;
const UNSIGNED = 1;
const UNSIGNABLE = 2;
const SIGNED = 3;
/** Bytes of a frame: kind ‖ entry ‖ digest ‖ signer. */
const FRAME = 1 + 32 + 32 + 20;

/**
 * Packs texts as UTF-8, one after the other.
 *
 * @param texts - Well-formed texts, so that decoding gives them back.
 * @returns The bytes, and the offset of the end of each text.
 */
export function packTexts(texts: readonly string[]): Pick<Job, 'bytes' | 'ends'> {
  const sizes = texts.map((text) => Buffer.byteLength(text));
  const bytes = Buffer.from(new ArrayBuffer(sizes.reduce((sum, size) => sum + size, 0)));
  const ends = new Uint32Array(texts.length);
  let end = 0;
  for (const [place, text] of texts.entries()) {
    end += bytes.write(text, end);
    ends[place] = end;
  }
  return { bytes: new Uint8Array(bytes.buffer), ends };
}

/** Returns the bytes of each text of a job, in their order; they share the memory of the job. */
export function unpackTexts({ bytes, ends }: Pick<Job, 'bytes' | 'ends'>): Uint8Array[] {
  return Array.from(ends, (end, place) => bytes.subarray(ends[place - 1] ?? 0, end));
}

/** Encodes results as frames. */
export function encodeFound(found: readonly FoundText[]): Uint8Array {
  const frames = new Uint8Array(FRAME * found.length);
  for (const [place, each] of found.entries()) {
    if (each === undefined) continue;
    const { entry, signature } = each;
    const at = FRAME * place;
    frames[at] = UNSIGNED;
    frames.set(entry, at + 1);
    if (signature === undefined) continue;
    frames[at] = signature.signer === undefined ? UNSIGNABLE : SIGNED;
    frames.set(hexToBytes(signature.digest), at + 33);
    if (signature.signer !== undefined) frames.set(hexToBytes(signature.signer), at + 65);
  }
  return frames;
}

/** Decodes the results in frames. */
export function decodeFound(frames: Uint8Array): FoundText[] {
  return Array.from({ length: frames.length / FRAME }, (_, place) => {
    const frame = frames.subarray(FRAME * place, FRAME * (place + 1));
    const [holds = NOTHING] = frame;
    if (holds === NOTHING) return undefined;
    const entry = frame.slice(1, 33);
    if (holds === UNSIGNED) return { entry };
    const digest = bytesToHex(frame.subarray(33, 65));
    if (holds === UNSIGNABLE) return { entry, signature: { digest } };
    return { entry, signature: { digest, signer: bytesToHex(frame.subarray(65, 85)) } };
  });
}
