/**
 * Tells whether a text is the canonical JSON (RFC 8785) of a value that was decoded from it. The platform writes
 * numbers and texts as RFC 8785 has them (§3.2.2), so only the order of the names and half characters are checked; this
 * takes a fifth of the time of writing the canonical form and comparing. Names that are whole numbers, which the
 * platform puts first whatever the order, count as not canonical: no format of Medseal has any.
 *
 * @param text - Text that was decoded.
 * @param value - Result of `JSON.parse`.
 */
export function isCanonicalJson(text: string, value: unknown): boolean {
  return JSON.stringify(value) === text && isOrdered(value) && !HALF_CHARACTER.test(text);
}

/** Half a surrogate pair, which the platform writes as an escape and RFC 8785 does not allow. */
const HALF_CHARACTER = /(?<!\\)(?:\\\\)*\\ud[89a-f]|[\ud800-\udfff]/u;

function isOrdered(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isOrdered);
  let before: string | undefined;
  for (const [name, inner] of Object.entries(value)) {
    // Strings compare by UTF-16 code units, as RFC 8785 §3.2.3 orders names.
    if ((before !== undefined && name <= before) || !isOrdered(inner)) return false;
    before = name;
  }
  return true;
}
