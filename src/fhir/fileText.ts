/** Text of a file, and its encoding. */
export interface FileText {
  /** Without a byte order mark; bytes that are not text become replacement characters. */
  readonly text: string;
  readonly encoding: 'UTF-8' | 'UTF-16';
}

/**
 * Reads a file, or its beginning, as text, to see what it is.
 *
 * @param bytes - The file, or its first bytes.
 */
export function fileText(bytes: Uint8Array): FileText {
  const label = utf16Of(bytes);
  const text = new TextDecoder(label ?? 'utf-8').decode(bytes);
  return { text, encoding: label === undefined ? 'UTF-8' : 'UTF-16' };
}

/** By its byte order mark, or by every other of four bytes being zero. */
function utf16Of([first, second, third, fourth]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return 'utf-16le';
  if (first === 0 && second !== 0 && third === 0 && fourth !== 0) return 'utf-16be';
  return undefined;
}
