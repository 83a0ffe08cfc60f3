import { parseTypeScript, walk, type SyntaxNode } from './parseTypeScript.ts';

/** Lines that a function may have, from its first to its last, those of functions in it included. */
export const MOST_LINES = 150;

/** A function with more lines. */
export interface LongFunction {
  /** Its name, or that of what holds it; empty if nothing names it. */
  readonly name: string;
  readonly lines: number;
}

/**
 * Finds the functions of a TypeScript source with more than `MOST_LINES` lines.
 *
 * @param source - The text of a file.
 */
export async function longFunctions(source: string): Promise<readonly LongFunction[]> {
  // A file that is not longer holds none, and most are not: parsing takes time.
  if (linesIn(source) <= MOST_LINES) return [];
  const found: LongFunction[] = [];
  /** Names of declarations and properties, by the place of what they hold. */
  const names = new Map<number, string>();
  walk(await parseTypeScript(source), (node) => {
    const { start, end, id, key, init, value } = node as SyntaxNode & Named;
    const own = id?.name ?? key?.name ?? key?.id?.name;
    const held = init ?? value;
    if (own !== undefined && held?.start !== undefined) names.set(held.start, own);
    if (!FUNCTIONS.has(node.type)) return;
    const lines = linesIn(source.slice(start, end));
    if (lines > MOST_LINES) found.push({ name: own ?? names.get(start) ?? '', lines });
  });
  return found;
}

function linesIn(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

/** Types of nodes that are functions, in Babel's tree. */
const FUNCTIONS = new Set([
  'ArrowFunctionExpression',
  'ClassMethod',
  'ClassPrivateMethod',
  'FunctionDeclaration',
  'FunctionExpression',
  'ObjectMethod',
]);

/** The fields of a node that name a function, its own or one that it holds. */
interface Named {
  readonly id?: { readonly name?: string } | null;
  readonly key?: { readonly name?: string; readonly id?: { readonly name?: string } };
  readonly init?: { readonly start?: number } | null;
  readonly value?: { readonly start?: number } | null;
}
