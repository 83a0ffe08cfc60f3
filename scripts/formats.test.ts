import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { FORMATS } from '../src/protocol/wire/formats.ts';
import { isTestFile } from './rooms.ts';
import { formatsPage } from './formatsPage.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = globSync('{demo,src,portal/src,engine,devices}/**/*.{ts,tsx,go,c}', { cwd: root })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !isTestFile(path) && !path.endsWith('_test.go'));

describe('the table of formats', () => {
  // @actor who changes a format | to change it without its number
  it('has a row for each format that the sources name, under the number that they name or one that it calls earlier', () => {
    const named = new Set<string>();
    for (const path of sources) {
      const text = readFileSync(join(root, path), 'utf8');
      for (const [, name = '', number] of text.matchAll(/medseal-([a-z-]+)\/(\d+)/g)) {
        const row = FORMATS[name];
        assert.ok(row !== undefined, `${path}: medseal-${name}/${number} is not in the table`);
        const isEarlier = Number(number) < row.number && row.earlier !== undefined;
        assert.ok(Number(number) === row.number || isEarlier, `${path}: medseal-${name}/${number}`);
        named.add(name);
      }
    }
    assert.deepEqual(Object.keys(FORMATS).toSorted(), [...named].toSorted());
  });

  it('is the page of formats; `--test-update-snapshots` renews it', async (t) => {
    const file = join(root, 'docs/reference/formats.md');
    const options = { ...(await resolveConfig(file)), parser: 'markdown', plugins: [] };
    const page = await format(formatsPage(), options);
    t.assert.fileSnapshot(page, file, { serializers: [String] });
  });
});

describe('the change log', () => {
  it('begins with the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    const newest = /^## (\S+)/m.exec(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'));
    assert.equal(newest?.[1], version);
  });
});
