import { parseTypeScript, walk, type SyntaxNode } from './parseTypeScript.ts';

/** A name that a source takes from another file. */
export interface NameTaken {
  /** Name in that file; `*` for all that it exports. */
  readonly name: string;
  /** Path of the file, as the source writes it. */
  readonly from: string;
}

/**
 * Lists the names that a TypeScript source takes from other files of the project, types included.
 *
 * @param source - The text of a file.
 * @returns A name for each place that takes it.
 */
export async function namesTaken(source: string): Promise<readonly NameTaken[]> {
  const taken: NameTaken[] = [];
  const unpacked = new Map<unknown, readonly string[]>();
  walk(await parseTypeScript(source), (node) => {
    if (node.type === 'VariableDeclarator') noteUnpacked(node, unpacked);
    const { value: from } = (node['source'] ?? {}) as { value?: unknown };
    if (typeof from !== 'string' || !from.startsWith('.')) return;
    for (const name of unpacked.get(node) ?? namesIn(node)) taken.push({ name, from });
  });
  return taken;
}

/** Notes the names that `const { a } = await import('…')` takes. */
function noteUnpacked({ id, init }: SyntaxNode, unpacked: Map<unknown, readonly string[]>): void {
  const { properties } = (id ?? {}) as { properties?: { key?: { name?: string } }[] };
  const { argument } = (init ?? {}) as { argument?: unknown };
  if (properties === undefined || argument === undefined) return;
  unpacked.set(
    argument,
    properties.map(({ key }) => key?.name ?? '*'),
  );
}

function namesIn(node: SyntaxNode): readonly string[] {
  if (node.type === 'TSImportType') return [(node['qualifier'] as { name?: string })?.name ?? '*'];
  const specifiers = (node['specifiers'] ?? []) as SyntaxNode[];
  return specifiers.length === 0 ? ['*'] : specifiers.map(nameOf);
}

function nameOf(specifier: SyntaxNode): string {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  // Of `export { a } from`, the name in the other file is called local.
  const named = specifier.type === 'ExportSpecifier' ? specifier['local'] : specifier['imported'];
  return ((named ?? {}) as { name?: string }).name ?? '*';
}
