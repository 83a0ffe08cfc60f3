/** The first element of an XML document. */
export interface XmlRoot {
  /** Its name without prefix. */
  readonly name: string;
  /** Its namespace; empty if it has none. */
  readonly namespace: string;
}

/** Characters of a file that are looked at; an XML declaration, comments and processing instructions are short. */
const LONGEST_PROLOG = 4096;

/**
 * Finds out what XML is in a text, by its first element. The text is not checked any further.
 *
 * @param text - Without a byte order mark.
 * @returns Undefined for what is not XML.
 */
export function xmlRoot(text: string): XmlRoot | undefined {
  let rest = text.slice(0, LONGEST_PROLOG).trimStart();
  for (let end = endOfProlog(rest); end > 0; end = endOfProlog(rest)) {
    rest = rest.slice(end).trimStart();
  }
  const found = /^<(?:([\w.-]+):)?([A-Za-z_][\w.-]*)((?:\s[^>]*)?)(?:\/?>|$)/.exec(rest);
  if (found === null) return undefined;
  const [, prefix, name = '', attributes = ''] = found;
  const declared = prefix === undefined ? 'xmlns' : `xmlns:${prefix}`;
  const value = new RegExp(`\\s${declared}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  return { name, namespace: value?.[1] ?? value?.[2] ?? '' };
}

/** End of a declaration, instruction, comment or document type at the beginning of the text; 0 without one. */
function endOfProlog(text: string): number {
  for (const [begin, end] of [
    ['<?', '?>'],
    ['<!--', '-->'],
    ['<!DOCTYPE', '>'],
  ] as const) {
    const at = text.startsWith(begin) ? text.indexOf(end) : -1;
    if (at !== -1) return at + end.length;
  }
  return 0;
}
