import type { ParserOptions } from 'prettier';
import { parsers } from 'prettier/plugins/babel';

/**
 * Everything that a TypeScript source names as a module: `import` and `export … from`, types included, `import()`
 * as a call and as a type. Read off the syntax tree that the formatter's own parser makes, so that no other
 * parser is needed.
 *
 * @param source - The text of a file.
 * @returns The names as written; undefined stands for an `import()` whose argument is computed.
 */
export async function importsOf(source: string): Promise<(string | undefined)[]> {
  const tree: unknown = await parsers['babel-ts'].parse(source, {} as ParserOptions);
  const found: (string | undefined)[] = [];
  walk(tree, (node) => {
    if (!NAMING.has(String(node['type']))) return;
    const name = node['source'] as { value?: unknown } | null | undefined;
    if (typeof name?.value === 'string') found.push(name.value);
    else if (node['type'] === 'ImportExpression') found.push(undefined);
  });
  return found;
}

const NAMING = new Set([
  'ImportDeclaration',
  'ExportAllDeclaration',
  'ExportNamedDeclaration',
  'ImportExpression',
  'TSImportType',
]);

function walk(value: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
  } else if (typeof value === 'object' && value !== null) {
    visit(value as Record<string, unknown>);
    for (const item of Object.values(value)) walk(item, visit);
  }
}
