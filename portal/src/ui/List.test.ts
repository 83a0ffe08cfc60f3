import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseTypeScript, walk, type SyntaxNode } from '../../../scripts/parseTypeScript.ts';

const SRC = new URL('..', import.meta.url);
/** The component that draws each element of a list, of facts or of a table. */
const DRAWN_BY: Readonly<Record<string, string>> = {
  ul: 'ui/List.tsx',
  ol: 'ui/List.tsx',
  li: 'ui/List.tsx',
  menu: 'ui/List.tsx',
  dl: 'ui/FactList.tsx',
  dt: 'ui/FactList.tsx',
  dd: 'ui/FactList.tsx',
  table: 'ui/Table.tsx',
  caption: 'ui/Table.tsx',
  thead: 'ui/Table.tsx',
  tbody: 'ui/Table.tsx',
  tfoot: 'ui/Table.tsx',
  tr: 'ui/Table.tsx',
  th: 'ui/Table.tsx',
  td: 'ui/Table.tsx',
};
/** Roles by which another element would be one of these. */
const ROLES = new Set(['list', 'listitem', 'term', 'definition', 'table', 'row', 'cell']);
/** Files that draw some of these elements themselves, each with the reason; today all screens use the components. */
const EXCEPT: Readonly<Record<string, string>> = {};

describe('a list, facts and a table', () => {
  it('are drawn by one component each, and by hand nowhere', async () => {
    const faults: string[] = [];
    const without = new Set(Object.keys(EXCEPT));
    for (const file of globSync('**/*.tsx', { cwd: SRC }).toSorted()) {
      const by = handDrawn(await parseTypeScript(readFileSync(new URL(file, SRC), 'utf8')));
      const raw = by.filter((name) => DRAWN_BY[name] !== file);
      if (raw.length > 0 && !without.delete(file)) {
        faults.push(`${file}: ${raw.join(', ')}: use List, FactList or Table of portal/src/ui`);
      }
    }
    assert.deepEqual(faults, []);
    assert.deepEqual([...without], [], 'these need no exception any more');
  });

  it('are found in each way in which a screen could draw them', async () => {
    for (const [source, name] of [
      ['<ul className="a"><b /></ul>', 'ul'],
      ['<dl />', 'dl'],
      ['const Element = more ? "ol" : "div";', 'ol'],
      ['createElement("table", {})', 'table'],
      ['<div role="list" />', 'list'],
      ['const all = <section>{rows.map((row) => <tr>{row}</tr>)}</section>', 'tr'],
    ] as const) {
      assert.deepEqual(handDrawn(await parseTypeScript(source)), [name], source);
    }
    const others = '<List items={[]} /> || <Table look="table" /> || say("chart.table", { row })';
    assert.deepEqual(handDrawn(await parseTypeScript(others)), []);
  });
});

/** Names of the elements, and the roles, that a file has of these; each once. */
function handDrawn(tree: unknown): readonly string[] {
  const found = new Set<string>();
  walk(tree, (node) => {
    const name = nameOf(node);
    if (name !== undefined) found.add(name);
  });
  return [...found];
}

interface Named {
  readonly type: string;
  readonly name?: unknown;
  readonly value?: unknown;
}

function nameOf(node: SyntaxNode): string | undefined {
  if (node.type === 'JSXOpeningElement') return elementOf((node['name'] as Named).name);
  if (node.type === 'JSXAttribute') {
    const { value } = (node['value'] ?? {}) as Named;
    const isRole = (node['name'] as Named).name === 'role';
    return isRole && ROLES.has(String(value)) ? String(value) : undefined;
  }
  if (node.type === 'CallExpression') {
    const [first] = node['arguments'] as readonly Named[];
    return first?.type === 'StringLiteral' && isCreated(node['callee'] as Named)
      ? elementOf(first.value)
      : undefined;
  }
  // A short name is no other word; `table` is one.
  return node.type === 'StringLiteral' && /^(?:[uod]l|li|d[td])$/.test(String(node['value']))
    ? elementOf(node['value'])
    : undefined;
}

function isCreated(callee: Named): boolean {
  return ['createElement', 'h', 'jsx', 'cloneElement'].includes(String(callee.name));
}

function elementOf(name: unknown): string | undefined {
  return typeof name === 'string' && Object.hasOwn(DRAWN_BY, name) ? name : undefined;
}
