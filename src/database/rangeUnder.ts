/**
 * Returns the range of all keys that begin with a prefix.
 *
 * @param prefix - Ends in a slash, as the parts of a key do.
 */
export function rangeUnder(prefix: `${string}/`): { readonly gt: string; readonly lt: string } {
  // The character after the slash.
  return { gt: prefix, lt: `${prefix.slice(0, -1)}0` };
}
