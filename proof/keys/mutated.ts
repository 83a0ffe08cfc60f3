import type { OtherText } from './mutations.ts';

/**
 * The text of a module with a fault in it.
 *
 * @param mutation - The fault.
 * @param text - The module's text.
 * @throws Error if the text that the fault replaces is not there once.
 */
export function mutated({ file, from, to }: OtherText, text: string): string {
  const [before, after, ...more] = text.split(from);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${file} does not have '${from}' once`);
  }
  return `${before}${to}${after}`;
}
