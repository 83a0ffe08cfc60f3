import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseTypeScript, walk } from '../../../scripts/parseTypeScript.ts';

const SRC = new URL('..', import.meta.url);

describe('the focus', () => {
  it('moves together with what is shown: later, it would be taken from somebody who types already', async () => {
    const faults: string[] = [];
    for (const file of globSync('**/*.tsx', { cwd: SRC }).toSorted()) {
      if (await movesLate(readFileSync(new URL(file, SRC), 'utf8'))) {
        faults.push(`${file}: move the focus in useLayoutEffect`);
      }
    }
    assert.deepEqual(faults, []);
  });

  it('is found in an effect that runs after the screen is drawn, however deep', async () => {
    const late = 'useEffect(() => heading.current?.focus({ preventScroll: true }), [title]);';
    const deep = 'useEffect(() => { if (is) for (const each of all) each.focus(); });';
    const soon = 'useLayoutEffect(() => heading.current?.focus(), []);';
    const pressed = 'useEffect(() => {}, []); const go = () => row.focus();';
    assert.deepEqual(await Promise.all([late, deep, soon, pressed].map(movesLate)), [
      true,
      true,
      false,
      false,
    ]);
  });
});

/** True if a file moves the focus in an effect that runs after the screen is drawn. */
async function movesLate(source: string): Promise<boolean> {
  let moves = false;
  walk(await parseTypeScript(source), (node) => {
    if (!isCallOf(node, 'useEffect')) return;
    walk(node, (inner) => {
      moves ||= isCallOf(inner, 'focus');
    });
  });
  return moves;
}

/** True for a call of a function, or of a method, of this name. */
function isCallOf(node: { readonly [key: string]: unknown }, wanted: string): boolean {
  if (!/^(?:Optional)?CallExpression$/.test(String(node['type']))) return false;
  const callee = node['callee'] as {
    readonly name?: string;
    readonly property?: { name?: string };
  };
  return (callee.property?.name ?? callee.name) === wanted;
}
