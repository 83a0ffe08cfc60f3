/**
 * Tells whether a check of something from outside passes. What is not even of the form to be checked does not pass, so
 * that one bad statement among good ones spoils nothing.
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
