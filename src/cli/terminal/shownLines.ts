import { fold } from './fold.ts';
import { visibleText } from '../../errors/visibleText.ts';

/** A line that the command itself made bold, as `style` does. */
// eslint-disable-next-line no-control-regex -- these are what it looks for
const BOLD = /^(\u001b\[1m)(.*)(\u001b\[22m)$/s;

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

/**
 * A line as a person is shown it: one line, whatever is in it, that no terminal obeys; a heading stays bold.
 *
 * @param line - Its words may be those of others.
 */
function visibleLine(line: string): string {
  const [, begin = '', words = line, end = ''] = BOLD.exec(line) ?? [];
  return begin + visibleText(words) + end;
}
