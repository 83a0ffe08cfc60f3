import { parseTypeScript, walk } from './parseTypeScript.ts';

/**
 * Everything that a TypeScript source names as a module: `import` and `export … from`, types included, `import()`
 * as a call and as a type.
 *
 * @param source - The text of a file.
 * @returns The names as written; undefined stands for an `import()` whose argument is computed.
 */
export async function importsOf(source: string): Promise<(string | undefined)[]> {
  return await namesIn(source, NAMING);
}

/**
 * The part of `importsOf` that is loaded together with the source: all but `import()`, as a call and as a type.
 *
 * @param source - The text of a file.
 */
export async function loadedWith(source: string): Promise<(string | undefined)[]> {
  return await namesIn(source, LOADING);
}

async function namesIn(
  source: string,
  types: ReadonlySet<string>,
): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  walk(await parseTypeScript(source), ({ type, source: name }) => {
    if (!types.has(type)) return;
    const { value } = (name ?? {}) as { value?: unknown };
    if (typeof value === 'string') found.push(value);
    else if (type === 'ImportExpression') found.push(undefined);
  });
  return found;
}

const LOADING = new Set(['ImportDeclaration', 'ExportAllDeclaration', 'ExportNamedDeclaration']);
const NAMING = new Set([...LOADING, 'ImportExpression', 'TSImportType']);
