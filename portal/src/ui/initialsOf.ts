/** Titles before a name, which are no part of it. */
const TITLE = /^(?:\p{L}{1,4}\.\s+)+/u;

/**
 * Returns the first letters of the first and the last word of a name, such as "LB" for "Dr. Lena Brandt".
 *
 * @param name - The name, as somebody typed it.
 */
export function initialsOf(name: string): string {
  const words = name.trim().replace(TITLE, '').split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends.map((word = '') => word.replace(/^(.)[^]*$/u, '$1').toLocaleUpperCase()).join('');
}
