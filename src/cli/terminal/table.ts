import { visibleText } from '../../errors/visibleText.ts';
import { style } from './style.ts';
import { widthOf } from './widthOf.ts';

/** The most characters of a cell; addresses of nodes and faults are the longest. */
const LONGEST = 300;

/** Options of `table`. */
export interface TableOptions {
  /** Headings of columns that a narrow terminal may go without, in the order in which they are dropped. */
  readonly drop?: readonly string[];
  /** Heading of a column of free text, whose cells are cut on a narrow terminal before other columns are dropped. */
  readonly shorten?: string;
  /** Width of the terminal; that of standard output if absent, and if that is not a terminal, no limit. */
  readonly columns?: number;
}

/** Blanks between two columns. */
const GAP = 2;
/** Width that a column is cut to before other columns are dropped. */
const SHORT = 24;

/**
 * Lays out rows under headings, each column as wide as its widest cell. A cell is one line, whatever others wrote
 * into it. On a terminal that is too narrow, free text is cut and columns are dropped rather than broken.
 *
 * @param headings - Of the columns.
 * @param rows - Each with a cell for each column.
 * @param options - Columns that may be dropped.
 * @returns A line for the headings, and one for each row.
 */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  { drop = [], shorten, columns = widthOfTerminal() }: TableOptions = {},
): readonly string[] {
  const cells = rows.map((row) => row.map((cell) => visibleText(cell, LONGEST)));
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...cells.map((row) => widthOf(row[column] ?? ''))),
  );
  const shown = new Set(headings.keys());
  const total = (): number => [...shown].reduce((sum, at) => sum + (widths[at] ?? 0) + GAP, -GAP);
  const text = shorten === undefined ? -1 : headings.indexOf(shorten);
  const whole = widths[text] ?? 0;
  if (total() > columns && whole > SHORT) widths[text] = SHORT;
  for (const heading of drop) if (total() > columns) shown.delete(headings.indexOf(heading));
  // It gets the rest of the line.
  if (widths[text] === SHORT)
    widths[text] = Math.min(whole, SHORT + Math.max(0, columns - total()));
  const line = (row: readonly string[]): string =>
    [...shown]
      .map((column) => {
        const cell = cut(row[column] ?? '', widths[column] ?? 0);
        return cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell));
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  return [style('bold', line(headings)), ...cells.map(line)];
}

function widthOfTerminal(): number {
  return process.stdout.isTTY ? process.stdout.columns : Infinity;
}

/** A cell, without its end if it is wider than its column. */
function cut(cell: string, columns: number): string {
  if (widthOf(cell) <= columns) return cell;
  let text = '';
  for (const character of cell) {
    if (widthOf(text + character) > columns - 1) break;
    text += character;
  }
  return `${text}…`;
}
