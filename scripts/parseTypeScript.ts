import type { ParserOptions } from 'prettier';
import { parsers } from 'prettier/plugins/babel';

/** A node of a syntax tree, with its place in the text. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/**
 * Parses TypeScript with the formatter's own parser, so that no other one is needed.
 *
 * @param source - The text of a file.
 * @returns The tree, of Babel's form, with `comments`.
 */
export async function parseTypeScript(source: string): Promise<unknown> {
  return await parsers['babel-ts'].parse(source, {} as ParserOptions);
}

/** Visits every node of a tree, parents first. */
export function walk(value: unknown, visit: (node: SyntaxNode) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
  } else if (typeof value === 'object' && value !== null) {
    visit(value as SyntaxNode);
    for (const item of Object.values(value)) walk(item, visit);
  }
}
