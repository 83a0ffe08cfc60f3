import { relative } from 'node:path';

/** Bytes that a socket's path may have on every system. */
const LONGEST = 103;

/**
 * Returns the path of a socket as it is, or relative to the working folder of this process, whichever is short enough
 * for every system.
 *
 * @param path - Absolute.
 * @returns Undefined if both are too long.
 */
export function shortPath(path: string): string | undefined {
  return [path, relative(process.cwd(), path)].find((each) => Buffer.byteLength(each) <= LONGEST);
}
