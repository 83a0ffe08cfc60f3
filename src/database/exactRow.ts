import { bytesToUtf8 } from '../crypto/bytes.ts';

/**
 * Returns the content of a row in JSON; undefined unless it is spelt as nodes write it.
 *
 * @param row - The row.
 */
export function exactRow(row: string | Uint8Array): unknown {
  try {
    const text = typeof row === 'string' ? row : bytesToUtf8(row);
    const content: unknown = JSON.parse(text);
    return JSON.stringify(content) === text ? content : undefined;
  } catch {
    return undefined;
  }
}
