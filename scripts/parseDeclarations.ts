import { readFile } from 'node:fs/promises';
import { parseTypeScript, type SyntaxNode } from './parseTypeScript.ts';

/** A file of declarations in its parts. */
export interface ParsedFile {
  readonly source: string;
  readonly program: { readonly body: readonly SyntaxNode[] };
  readonly comments: readonly (SyntaxNode & { readonly value: string })[];
}

/** Reads a file of declarations. */
export async function parseDeclarations(path: string): Promise<ParsedFile> {
  const source = await readFile(path, 'utf8');
  return { ...((await parseTypeScript(source)) as Omit<ParsedFile, 'source'>), source };
}

/**
 * Returns the docstring above a node, without the marks of a comment; empty for a node without one.
 *
 * @param node - A statement, or a member.
 * @param siblings - The nodes that it stands among.
 * @param file - The file.
 * @param from - Start of the siblings.
 */
export function docAbove(
  node: SyntaxNode,
  siblings: readonly SyntaxNode[],
  { comments }: ParsedFile,
  from = 0,
): string {
  const before = siblings[siblings.indexOf(node) - 1]?.end ?? from;
  const comment = comments.findLast(({ start, end }) => start >= before && end <= node.start);
  return comment === undefined ? '' : docOf(comment.value);
}

/** A docstring without its marks. */
export function docOf(comment: string): string {
  return comment
    .replace(/^\*/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim();
}
