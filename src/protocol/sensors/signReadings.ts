import { bytesToBase64 } from '../../crypto/base64.ts';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { ZERO32, type Bytes32 } from '../ids.ts';
import type { SigningContext } from '../struct/signing.ts';
import { readingsDigest } from './readingsDigest.ts';
import type { ReadingsHeader } from './ReadingsHeader.ts';
import { readingsRoot } from './readingsRoot.ts';

/** A batch that a device in software is to sign; its readings give count and root. */
export type UnsignedReadings = Omit<ReadingsHeader, 'count' | 'root' | 'file' | 'epoch'>;

/** A batch that was signed. */
export interface MessageSigned {
  /** The message as it is sent. */
  readonly bytes: Uint8Array;
  /** Digest that the device signed, which is the id of the record. */
  readonly digest: Bytes32;
  /** RFC 6962 root, which the next batch names as `previous`. */
  readonly root: Bytes32;
}

/**
 * Signs a batch of readings as a device does.
 *
 * @param context - SHA-256 and the curve.
 * @param signingKey - The device's key, 32 bytes.
 * @param about - The statement without what follows from the readings.
 * @param lines - The readings, each a line of JSON.
 */
export function signReadings(
  { primitives }: Pick<SigningContext, 'primitives'>,
  signingKey: Uint8Array,
  about: UnsignedReadings,
  lines: readonly string[],
): MessageSigned {
  const root = readingsRoot(primitives, lines);
  const header: ReadingsHeader = { ...about, count: lines.length, root, file: ZERO32 };
  return signed(primitives, signingKey, header, lines);
}

/**
 * Signs a batch of readings that its device sealed.
 *
 * @param context - SHA-256 and the curve.
 * @param signingKey - The device's key, 32 bytes.
 * @param header - The statement, with file and epoch.
 * @param sealed - The age file.
 */
export function signSealedReadings(
  { primitives }: Pick<SigningContext, 'primitives'>,
  signingKey: Uint8Array,
  header: ReadingsHeader,
  sealed: Uint8Array,
): MessageSigned {
  return signed(primitives, signingKey, header, [bytesToBase64(sealed)]);
}

function signed(
  primitives: SigningContext['primitives'],
  signingKey: Uint8Array,
  header: ReadingsHeader,
  lines: readonly string[],
): MessageSigned {
  const digest = readingsDigest(primitives, header);
  const signature = bytesToHex(primitives.sign(hexToBytes(digest), signingKey));
  const first = JSON.stringify({ format: 'medseal-readings/1', header, signature });
  return { bytes: utf8ToBytes([first, ...lines, ''].join('\n')), digest, root: header.root };
}
