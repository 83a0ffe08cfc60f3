const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/**
 * Returns the texts of all elements of a name in an S3 server's answer, which has no attributes that matter and no nested
 * elements of one name.
 *
 * @param xml - The answer.
 * @param name - Name of the elements.
 */
export function textsIn(xml: string, name: string): readonly string[] {
  const found = xml.matchAll(new RegExp(`<${name}(?:\\s[^<>]*)?>([^<>]*)</${name}>`, 'g'));
  return [...found].map(([, text = '']) =>
    text.replaceAll(ENTITY, (all: string, ten?: string, hex?: string, word?: string) => {
      if (word !== undefined) return ENTITIES[word] ?? all;
      const code = ten === undefined ? Number.parseInt(hex ?? '', 16) : Number(ten);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    }),
  );
}
