import { MedsealError } from '../errors/MedsealError.ts';

/** Names of letters, digits, `.`, `_`, `-`, neither `.` nor `..`, joined by single `/`. */
const INSIDE = /^(?!\.{1,2}(?:\/|$))[\w.-]+(?:\/(?!\.{1,2}(?:\/|$))[\w.-]+)*$/;

/**
 * Returns a relative path unchanged when its text cannot lead out of a folder.
 *
 * @param path - Names of `A-Z a-z 0-9 . _ -`, joined by `/`.
 * @throws MedsealError `FOLDER_OUTSIDE` for every other text.
 */
export function insidePath(path: string): string {
  if (!INSIDE.test(path)) throw new MedsealError('FOLDER_OUTSIDE', {});
  return path;
}
