import { style } from './style.ts';

/**
 * Rows under headings, each column as wide as it must be.
 *
 * @param headings - Of the columns.
 * @param rows - Each with a cell for each column.
 */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [style('bold', line(headings)), ...rows.map(line)].join('\n');
}
