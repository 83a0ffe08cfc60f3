import { visibleText } from '../../../src/errors/visibleText.ts';
import { spend } from '../../../src/fhir/budget.ts';

/** Most lines that a text is shown with. */
const MOST_LINES = 200;

/**
 * Makes text that is safe to show of a value that others wrote: characters that are hidden, that turn the reading
 * direction or that a terminal obeys are written out, as everywhere in Medseal. Lines stay lines.
 *
 * @param value - Anything; anything but a text, number or truth value has no text.
 * @param most - The most characters of each line.
 */
export function shownText(value: unknown, most: number = 2000): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return '';
  const start = value.slice(0, 16 * most * 4);
  spend(start.length);
  const lines = start.split(/\r\n|[\r\n]/, MOST_LINES);
  return lines
    .map((line) => visibleText(line, most).trim())
    .join('\n')
    .trim();
}
