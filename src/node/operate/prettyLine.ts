import { visibleText } from '../../errors/visibleText.ts';

/**
 * Formats a line of a JSON log for people: time, level, event, and the rest as `name=value`.
 *
 * @param line - The line that the log wrote.
 */
export function prettyLine(line: string): string {
  const { level, time, event, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${shown(value)}`);
  const clock = String(time).slice(11, 23);
  const head = `${clock} ${String(level).toUpperCase().padEnd(5)} ${visibleText(String(event))}`;
  return `${[head, ...rest].join('  ')}\n`;
}

function shown(value: unknown): string {
  const text = visibleText(String(value));
  return /[\s"=]/.test(text) ? JSON.stringify(text) : text;
}
