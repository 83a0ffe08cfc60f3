import { bytesToUtf8 } from '../crypto/bytes.ts';

/**
 * Returns the content of a row in JSON; undefined if there is no row, or it is not spelt as nodes write it.
 *
 * @param row - The row.
 */
export function exactRow(row: string | Uint8Array | undefined): unknown {
  if (row === undefined) return undefined;
  try {
    const text = typeof row === 'string' ? row : bytesToUtf8(row);
    const content: unknown = JSON.parse(text);
    return JSON.stringify(content) === text ? content : undefined;
  } catch {
    return undefined;
  }
}
