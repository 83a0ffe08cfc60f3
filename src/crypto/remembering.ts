import { keepNewest } from './keepNewest.ts';

/**
 * Keeps the last results of a function of a text, so that what is asked again and again is found once.
 *
 * @param most - Number of results that are kept; the oldest go first.
 * @param find - The function; what it throws is not kept.
 * @returns A function that gives the same.
 */
export function remembering<Value>(
  most: number,
  find: (text: string) => Value,
): (text: string) => Value {
  const known = new Map<string, { readonly value: Value }>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before.value;
    const value = find(text);
    known.set(text, { value });
    keepNewest(known, most);
    return value;
  };
}
