import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { LEFT_OUT, SCREENS_SHOWN, SHOWN } from './gallery/shownNames.ts';

const UI = join(import.meta.dirname, 'src/ui');

/** The components that a file exports. */
function componentsIn(source: string): readonly string[] {
  const exported = source.matchAll(/^export (?:function|class|const) ([A-Z]\w*[a-z]\w*)/gm);
  return [...exported].map(([, name = '']) => name);
}

describe('the gallery', () => {
  it('shows every component of portal/src/ui, or says why it does not', () => {
    const components = globSync('**/*.tsx', { cwd: UI }).flatMap((path) =>
      componentsIn(readFileSync(join(UI, path), 'utf8')),
    );
    assert.ok(components.length > 40);
    assert.deepEqual(
      [...SHOWN, ...Object.keys(LEFT_OUT)].toSorted(),
      [...components, ...SCREENS_SHOWN].toSorted(),
      'add a row in portal/gallery/rows and its name to SHOWN in portal/gallery/shownNames.ts, or a reason to LEFT_OUT',
    );
  });

  it('stays out of the code of the portal', () => {
    const sources = globSync(['src/**/*.{ts,tsx}', 'index.html', 'vite.config.ts', 'build.ts'], {
      cwd: import.meta.dirname,
    });
    for (const path of sources) {
      const text = readFileSync(join(import.meta.dirname, path), 'utf8');
      assert.doesNotMatch(text, /gallery/i, path);
    }
  });
});
