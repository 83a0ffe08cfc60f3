import { visibleText } from '../../errors/visibleText.ts';
import { style } from './style.ts';
import { widthOf } from './widthOf.ts';

/** The most characters of a cell; addresses of nodes and faults are the longest. */
const LONGEST = 300;

/** Options of `table`. */
export interface TableOptions {
  /** Headings of columns that a narrow terminal may go without, in the order in which they are dropped. */
  readonly drop?: readonly string[];
  /** Width of the terminal; that of standard output if absent, and if that is not a terminal, no limit. */
  readonly columns?: number;
}

/** Blanks between two columns. */
const GAP = 2;

/**
 * Lays out rows under headings, each column as wide as its widest cell. A cell is one line, whatever others wrote
 * into it. On a terminal that is too narrow, columns are dropped rather than broken.
 *
 * @param headings - Of the columns.
 * @param rows - Each with a cell for each column.
 * @param options - Columns that may be dropped.
 * @returns A line for the headings, and one for each row.
 */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  { drop = [], columns = widthOfTerminal() }: TableOptions = {},
): readonly string[] {
  const cells = rows.map((row) => row.map((cell) => visibleText(cell, LONGEST)));
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...cells.map((row) => widthOf(row[column] ?? ''))),
  );
  const shown = new Set(headings.keys());
  const total = (): number => [...shown].reduce((sum, at) => sum + (widths[at] ?? 0) + GAP, -GAP);
  for (const heading of drop) if (total() > columns) shown.delete(headings.indexOf(heading));
  const line = (row: readonly string[]): string =>
    [...shown]
      .map((column) => {
        const cell = row[column] ?? '';
        return cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell));
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  return [style('bold', line(headings)), ...cells.map(line)];
}

function widthOfTerminal(): number {
  return process.stdout.isTTY ? process.stdout.columns : Infinity;
}
