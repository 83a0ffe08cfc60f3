/** The index to search in; made once, and asked at every letter. */
export interface SearchIndex<Item> {
  /** The items that hold every word of a text, in their order; all if it has none. */
  find(text: string): readonly Item[];
}

/**
 * Makes an index over what is said of items. Capitals, accents and the order of words do not count.
 *
 * @param said - Each item, with all that is said of it.
 */
export function searchTexts<Item>(
  said: readonly (readonly [item: Item, text: string])[],
): SearchIndex<Item> {
  const texts = said.map(([item, text]) => [item, plain(text)] as const);
  return {
    find: (text) => {
      const wanted = plain(text.slice(0, 500)).split(/\s+/).filter(Boolean);
      return texts
        .filter(([, held]) => wanted.every((each) => held.includes(each)))
        .map(([item]) => item);
    },
  };
}

/** Without capitals and accents. */
function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
