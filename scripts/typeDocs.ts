import { globSync } from 'node:fs';
import { join } from 'node:path';
import { docAbove, parseDeclarations } from './parseDeclarations.ts';
import type { SyntaxNode } from './parseTypeScript.ts';

/** The docstrings of an interface. */
export interface TypeDoc {
  readonly doc: string;
  /** Its own members and those that it inherits, by name. */
  readonly members: ReadonlyMap<string, { readonly doc: string; readonly isOptional: boolean }>;
}

interface Interface extends TypeDoc {
  readonly parents: readonly string[];
}

/**
 * The docstrings of every interface of the shared language, by name.
 *
 * @param folder - The declarations.
 */
export async function typeDocs(folder: string): Promise<ReadonlyMap<string, TypeDoc>> {
  const found = new Map<string, Interface>();
  for (const path of globSync(
    '{protocol,protocol/{wire,struct,network,evidence,rights,care},errors}/*.d.ts',
    { cwd: folder },
  )) {
    const file = await parseDeclarations(join(folder, path));
    for (const node of file.program.body) {
      const declared = (node['declaration'] ?? node) as SyntaxNode;
      if (declared.type !== 'TSInterfaceDeclaration') continue;
      const { name } = declared['id'] as { name: string };
      const { body, start } = declared['body'] as SyntaxNode & { body: readonly SyntaxNode[] };
      const heritage = (declared['extends'] ?? []) as { expression: { name?: string } }[];
      const members = body.map((member) => {
        const key = member['key'] as { name?: string; value?: string };
        const doc = docAbove(member, body, file, start).split(/^@/m)[0]?.trim() ?? '';
        return [
          key.name ?? key.value ?? '',
          { doc, isOptional: member['optional'] === true },
        ] as const;
      });
      found.set(name, {
        doc: docAbove(node, file.program.body, file),
        members: new Map(members),
        parents: heritage.map(({ expression }) => expression.name ?? ''),
      });
    }
  }
  return new Map(
    [...found].map(([name, own]) => [name, { ...own, members: allMembers(own, found) }]),
  );
}

function allMembers(
  { members, parents }: Interface,
  all: ReadonlyMap<string, Interface>,
): TypeDoc['members'] {
  const inherited = parents.flatMap((name) => {
    const parent = all.get(name);
    return parent === undefined ? [] : [...allMembers(parent, all)];
  });
  return new Map([...inherited, ...members]);
}
