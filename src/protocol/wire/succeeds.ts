/**
 * Tells whether a check of something from outside passes. Malformed input does not pass, so that one bad statement
 * among good ones does no harm.
 *
 * @param check - The check.
 */
export function succeeds(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}
