import { stripVTControlCharacters } from 'node:util';
import { widthOf } from './widthOf.ts';

/** Columns that no line is made narrower than. */
const LEAST = 40;

/**
 * Breaks lines that are wider than a terminal between words. A word that is wider than the terminal, such as a hash, is
 * left as it is.
 *
 * @param text - Lines.
 * @param columns - The terminal's width; undefined if there is no terminal, and lines stay as they are.
 * @param further - Number of columns that the rest of a line stands further in.
 */
export function fold(text: string, columns: number | undefined, further = 2): string {
  if (columns === undefined || columns < LEAST) return text;
  return text
    .split('\n')
    .map((line) => (columnsOf(line) > columns ? folded(line, columns, further) : line))
    .join('\n');
}

function folded(line: string, columns: number, further: number): string {
  const [indent = ''] = /^ */.exec(line) ?? [];
  const lines: string[] = [];
  let current = indent;
  // A word that stands apart by more than one space is a column, and keeps its place if it fits.
  for (const [, gap = '', word = ''] of line.slice(indent.length).matchAll(/( *)([^ ]+)/g)) {
    const isFirst = current.trim() === '';
    if (!isFirst && columnsOf(current) + gap.length + columnsOf(word) > columns) {
      lines.push(current);
      current = `${indent}${' '.repeat(further)}${word}`;
    } else {
      current += isFirst ? word : gap + word;
    }
  }
  return [...lines, current].join('\n');
}

function columnsOf(text: string): number {
  return widthOf(stripVTControlCharacters(text));
}
