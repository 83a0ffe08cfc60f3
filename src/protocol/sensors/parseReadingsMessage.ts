import { base64ToBytes } from '../../crypto/base64.ts';
import { bytesToHex, bytesToUtf8 } from '../../crypto/bytes.ts';
import type { Sha256 } from '../../crypto/merkle/Sha256.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { parseJsonOf } from '../wire/parseJsonOf.ts';
import { OneOf } from '../wire/findShapeError.ts';
import { isSealedByDevice } from './isSealedByDevice.ts';
import { SIGNED_READINGS } from './ReadingsHeader.ts';
import { LONGEST_MESSAGE, type ReadingsMessage } from './ReadingsMessage.ts';
import { requireLines } from './requireLines.ts';
import { requireSeal } from './requireSeal.ts';

const FIRST_LINE = { format: new OneOf('medseal-readings/1'), ...SIGNED_READINGS } as const;
/** Last milliseconds at which a batch can end: of dates, and of 136 years since the start of a device. */
const LAST_END = { set: 8_640_000_000_000_000, unset: 2 ** 32 * 1000 } as const;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Parses a device's message, and requires that its readings are those of its header. The signature is not verified.
 *
 * @param primitives - For SHA-256.
 * @param bytes - The message, not trusted.
 * @throws MedsealError `REQUEST_TOO_LARGE`; `READINGS_INVALID` naming the part that is wrong.
 * @example
 * ```ts
 * const message = parseReadingsMessage(doctor.primitives, bytes);
 * console.log(`${message.header.count} readings`);
 * ```
 */
export function parseReadingsMessage(primitives: Sha256, bytes: Uint8Array): ReadingsMessage {
  if (bytes.length > LONGEST_MESSAGE) {
    throw new MedsealError('REQUEST_TOO_LARGE', { what: 'message', limit: LONGEST_MESSAGE });
  }
  const lines = linesOf(bytes);
  const first = parseJsonOf(FIRST_LINE, lines.shift() ?? '', () => invalid('first line'));
  const { header } = first;
  if (header.count === 0) throw invalid('count');
  if (header.end < header.start) throw invalid('end');
  if (header.end > LAST_END[header.clock]) throw invalid('end');
  requireSeal(header);
  if (isSealedByDevice(header)) {
    return { ...first, sealed: sealedIn(primitives, lines, header.file) };
  }
  requireLines(primitives, lines, header);
  return { ...first, lines };
}

function linesOf(bytes: Uint8Array): string[] {
  let text: string;
  try {
    text = bytesToUtf8(bytes);
  } catch {
    throw invalid('text');
  }
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function sealedIn(primitives: Sha256, lines: readonly string[], file: string): Uint8Array {
  const [text = ''] = lines;
  if (lines.length !== 1 || !BASE64.test(text)) throw invalid('sealed readings');
  const sealed = base64ToBytes(text);
  if (sealed === undefined) throw invalid('sealed readings');
  if (bytesToHex(primitives.sha256(sealed)) !== file) throw invalid('file');
  return sealed;
}

function invalid(what: string): MedsealError {
  return new MedsealError('READINGS_INVALID', { what });
}
