import { relative } from 'node:path';

/** Bytes that a socket's path may have on every system. */
const LONGEST = 103;

/**
 * The path of a socket as it is, or from the folder that this process is in, whichever a system takes.
 *
 * @param path - Absolute.
 * @returns Undefined if both are too long.
 */
export function shortPath(path: string): string | undefined {
  return [path, relative(process.cwd(), path)].find((each) => Buffer.byteLength(each) <= LONGEST);
}
