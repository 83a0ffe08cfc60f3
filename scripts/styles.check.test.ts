import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { styleFaults, type Texts } from './styleFaults.ts';

const PORTAL = join(import.meta.dirname, '../portal');
/** Most lines of the sheet that any screen may use by its names. */
const MOST_LINES = 150;

describe('the style sheets of the portal', () => {
  it('name each class once, and no look depends on the class of another component', async () => {
    const sheets = textsOf('{src,gallery}/**/*.css');
    assert.deepEqual(await styleFaults(sheets, textsOf('{src,gallery}/**/*.tsx')), []);
    const lines = sheets.get('src/style/base.css')?.split('\n').length ?? 0;
    assert.ok(lines < MOST_LINES, `base.css has ${lines} lines`);
  });
});

function textsOf(pattern: string): Texts {
  const paths = globSync(pattern, { cwd: PORTAL }).map((path) => path.replaceAll('\\', '/'));
  return new Map(paths.map((path) => [path, readFileSync(join(PORTAL, path), 'utf8')]));
}
