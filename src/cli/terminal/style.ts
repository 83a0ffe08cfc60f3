import { styleText } from 'node:util';

/**
 * Styles text for standard output, where that is a terminal that shows styles and `NO_COLOR` is not set.
 *
 * @param format - Such as `bold`.
 * @param text - The text.
 */
export function style(format: Parameters<typeof styleText>[0], text: string): string {
  return styleText(format, text, { stream: process.stdout });
}
