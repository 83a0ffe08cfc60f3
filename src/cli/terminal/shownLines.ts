import { fold } from './fold.ts';
import { visibleLine } from './visibleLine.ts';

/**
 * Returns lines as they are written to a stream: visible, and folded if it is a terminal that is too narrow for them.
 *
 * @param lines - Each is shown as one line.
 * @param stream - The stream.
 */
export function shownLines(
  lines: readonly string[],
  { isTTY, columns }: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>,
): string {
  const text = lines.map((line) => visibleLine(line)).join('\n');
  return `${fold(text, isTTY ? columns : undefined)}\n`;
}
