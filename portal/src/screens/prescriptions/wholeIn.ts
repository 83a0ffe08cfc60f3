/**
 * Returns the whole number that a person typed; undefined if it is not one, or too small or large.
 *
 * @param text - As it was typed.
 * @param least - Smallest number.
 * @param most - Largest number.
 */
export function wholeIn(text: string, least: number, most: number): number | undefined {
  const number = /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
  return number === undefined || number < least || number > most ? undefined : number;
}
