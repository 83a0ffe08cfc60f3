import { MedsealError } from '../../errors/MedsealError.ts';

/** First bytes of NumPy's file of one array. */
const NUMPY = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Parses a file of samples: whole numbers of 16 bits, the low byte first, without a head, or as NumPy's file of one
 * list of such numbers (`.npy`), with a sign or without.
 *
 * @param bytes - Content of the file; not trusted.
 * @param argument - Option that named it, for messages.
 * @throws MedsealError `ARGUMENT_INVALID`.
 */
export function parseSamples(bytes: Uint8Array, argument: string): readonly number[] {
  const isNumpy = NUMPY.every((each, place) => bytes[place] === each);
  const { from, signed } = isNumpy ? headOf(bytes, argument) : { from: 0, signed: true };
  const length = (bytes.length - from) / 2;
  if (!Number.isInteger(length) || length === 0) {
    throw invalid(argument, 'must hold samples of 16 bits, and at least one');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + from, bytes.length - from);
  return Array.from({ length }, (_, place) =>
    signed ? view.getInt16(place * 2, true) : view.getUint16(place * 2, true),
  );
}

/** Reads the head of a NumPy file: a version, a length, and a text in Python's syntax. */
function headOf(
  bytes: Uint8Array,
  argument: string,
): { readonly from: number; readonly signed: boolean } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isLong = (bytes[6] ?? 0) > 1;
  const begin = isLong ? 12 : 10;
  if (bytes.length < begin) throw invalid(argument, 'ends within the head of NumPy’s format');
  const from = begin + (isLong ? view.getUint32(8, true) : view.getUint16(8, true));
  const head = new TextDecoder('latin1').decode(bytes.subarray(begin, from));
  const [, kind] = /'descr': *'<([iu])2'/.exec(head) ?? [];
  const [, count = ''] = /'shape': *\((\d+),\)/.exec(head) ?? [];
  if (kind === undefined || bytes.length !== from + 2 * Number(count)) {
    throw invalid(argument, 'must be one list of whole numbers of 16 bits, the low byte first');
  }
  return { from, signed: kind === 'i' };
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
