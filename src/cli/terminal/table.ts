import { visibleText } from '../../errors/visibleText.ts';
import { style } from './style.ts';
import { widthOf } from './widthOf.ts';

/** The most characters of a cell; addresses of nodes and faults are the longest. */
const LONGEST = 300;

/**
 * Lays out rows under headings, each column as wide as its widest cell. A cell is one line, whatever others wrote
 * into it.
 *
 * @param headings - Of the columns.
 * @param rows - Each with a cell for each column.
 * @returns A line for the headings, and one for each row.
 */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const cells = rows.map((row) => row.map((cell) => visibleText(cell, LONGEST)));
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...cells.map((row) => widthOf(row[column] ?? ''))),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
      .join('  ')
      .trimEnd();
  return [style('bold', line(headings)), ...cells.map(line)];
}
