import { CATEGORIES, type Category } from '../../protocol/vocabulary.ts';

/**
 * Returns the limit that categories make of what a channel takes, in the order of `CATEGORIES`.
 *
 * @param categories - Those that may be written.
 * @returns Undefined if they are all, or absent: then there is no limit.
 */
export function limitOf(categories?: readonly Category[]): readonly Category[] | undefined {
  const all = CATEGORIES.every((category) => categories?.includes(category));
  if (categories === undefined || all) return undefined;
  return CATEGORIES.filter((category) => categories.includes(category));
}
