import { visibleText } from '../../errors/visibleText.ts';

/** A line that the command itself made bold, as `style` does. */
// eslint-disable-next-line no-control-regex -- these are what it looks for
const BOLD = /^(\u001b\[1m)(.*)(\u001b\[22m)$/s;

/**
 * A line as a person is shown it: one line, whatever is in it, that no terminal obeys; a heading stays bold.
 *
 * @param line - Its words may be those of others.
 */
export function visibleLine(line: string): string {
  const [, begin = '', words = line, end = ''] = BOLD.exec(line) ?? [];
  return begin + visibleText(words) + end;
}
