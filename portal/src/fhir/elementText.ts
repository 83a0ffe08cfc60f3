import { shownText } from './shownText.ts';

/**
 * The name of an element or type that we have no word for, in the words that FHIR made it of: `Body structure` for
 * `bodyStructure`.
 *
 * @param name - Anything.
 */
export function elementText(name: unknown): string {
  const text = shownText(name, 100).replaceAll('\n', ' ');
  const words = text.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
