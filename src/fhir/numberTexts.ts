/** An object or list of JSON, with the property that keeps how its numbers were written, by their names. */
export type Holder = Record<string, unknown> & { [TEXTS]?: Record<string, string> };

/**
 * A symbol, so that whoever lists, validates or prints fields does not meet it, and enumerable, so that a copy by spread
 * keeps it. It is one for all copies of this module.
 */
const TEXTS: unique symbol = Symbol.for('medseal/number-texts') as never;

/**
 * Remembers how a number was written, if it would be written otherwise: `1.00` is the number 1 to the platform, and to
 * FHIR another measurement than `1`.
 *
 * @param holder - The object or list that the number is in.
 * @param name - Its name there, or its place.
 * @param text - The number as it was written; JSON.
 */
export function keepNumberText(holder: Holder, name: string, text: string): void {
  if (isAsWritten(text) || String(holder[name]) === text) return;
  holder[TEXTS] ??= Object.create(null) as Record<string, string>;
  holder[TEXTS][name] = text;
}

/**
 * Returns the text of a number: as it was, or the shortest if it is new or was changed.
 *
 * @param holder - The object or list that the number is in.
 * @param name - Its name there, or its place.
 * @returns JSON; undefined for what JSON cannot carry, such as NaN.
 */
export function numberTextOf(holder: Holder, name: string): string | undefined {
  const value = holder[name];
  const text = holder[TEXTS]?.[name];
  if (text !== undefined && Object.is(Number(text), value)) return text;
  return Number.isFinite(value) ? JSON.stringify(value) : undefined;
}

/** Few digits and nothing else, which most numbers are: the platform writes them so. */
function isAsWritten(text: string): boolean {
  return /^(?:0|[1-9]\d{0,14})$/.test(text);
}
