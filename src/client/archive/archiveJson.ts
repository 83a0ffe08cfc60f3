import { parseJsonBytes, type JsonLimits } from '../../crypto/parseJsonBytes.ts';

/** Limits of a file about a whole chart: some lines for each of a million record versions. */
const WHOLE: JsonLimits = { bytes: 512 * 2 ** 20, values: 16_000_000, names: 512 };

/**
 * Reads JSON of an archive, which anybody may have made.
 *
 * @param bytes - The file.
 * @throws SyntaxError if it is not JSON, is nested too deep, or has too much in it.
 */
export function archiveJson(bytes: Uint8Array): unknown {
  return parseJsonBytes(bytes, WHOLE);
}

/**
 * Reads JSON of an archive, which anybody may have made.
 *
 * @param bytes - The file.
 * @returns Undefined for what `archiveJson` refuses.
 */
export function archiveJsonOf(bytes: Uint8Array): unknown {
  try {
    return archiveJson(bytes);
  } catch {
    return undefined;
  }
}
