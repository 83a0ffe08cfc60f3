import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseTypeScript, walk } from './parseTypeScript.ts';
import { isTestFile } from './rooms.ts';

const root = new URL('..', import.meta.url);

describe('what files of src/, demo/ and portal/src/ export', () => {
  it('has no name twice, so that a name found anywhere says which file it is of', async () => {
    const files = new Map<string, string[]>();
    for (const file of globSync(['{demo,src}/**/*.ts', 'portal/src/**/*.{ts,tsx}'], {
      cwd: root,
    }).toSorted()) {
      if (isTestFile(file) || file.endsWith('.d.ts')) continue;
      for (const name of await declaredIn(readFileSync(new URL(file, root), 'utf8'))) {
        files.set(name, [...(files.get(name) ?? []), file]);
      }
    }
    assert.deepEqual(
      [...files].filter(([, where]) => where.length > 1),
      [],
    );
  });
});

/** Names that a file declares and exports; those that it passes on are left out. */
async function declaredIn(source: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  walk(await parseTypeScript(source), ({ type, declaration }) => {
    if (type !== 'ExportNamedDeclaration' || declaration === null) return;
    const { id, declarations } = declaration as Declaration;
    if (id?.name !== undefined) names.add(id.name);
    for (const each of declarations ?? []) if (each.id.name !== undefined) names.add(each.id.name);
  });
  return names;
}

interface Declaration {
  readonly id?: { readonly name?: string };
  readonly declarations?: readonly { readonly id: { readonly name?: string } }[];
}
