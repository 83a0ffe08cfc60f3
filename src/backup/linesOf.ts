import { createReadStream } from 'node:fs';

/** The most bytes of a line; no line of a manifest is longer. */
const LONGEST = 16 * 2 ** 20;

/**
 * Reads the lines of a text file; memory stays within one line of at most 16 MiB.
 *
 * @param path - The file.
 * @throws Error of the file system; RangeError for a line of more than 16 MiB.
 */
export async function* linesOf(path: string): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const piece of createReadStream(path)) {
    let rest = piece as Buffer;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield Buffer.concat([...parts, rest.subarray(0, end)]).toString();
      [parts, length, rest] = [[], 0, rest.subarray(end + 1)];
    }
    length += rest.length;
    if (length > LONGEST) throw new RangeError('a line is too long');
    parts.push(rest);
  }
  if (length > 0) yield Buffer.concat(parts).toString();
}
