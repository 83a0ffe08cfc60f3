import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { CLIENT_BUDGET, PACKED_BUDGET } from './budgets.ts';
import { ROOT } from './sdkPrograms.ts';

describe('docs/use/sdk.md', () => {
  it('states the sizes that tests hold', async () => {
    const page = (await readFile(join(ROOT, 'docs/use/sdk.md'), 'utf8')).replaceAll(/\s+/g, ' ');
    const { minified, compressed } = CLIENT_BUDGET;
    const client = `${minified / 1000} kB, ${compressed / 1000} kB compressed`;
    for (const size of [client, `under ${PACKED_BUDGET / 1000} kB packed`]) {
      assert.ok(page.includes(size), size);
    }
  });
});

describe('the package', () => {
  it('has every program that is started by its address, which no import reaches', async () => {
    const { files } = JSON.parse(await readFile(join(ROOT, 'tsconfig.build.json'), 'utf8')) as {
      files: string[];
    };
    let found = 0;
    for (const path of globSync('src/**/!(*.test).ts', { cwd: ROOT })) {
      const source = await readFile(join(ROOT, path), 'utf8');
      for (const [, name = ''] of source.matchAll(/new URL\(\s*`([\w./]+)\$\{extname/g)) {
        found += 1;
        assert.ok(files.includes(join(dirname(path), `${name}.ts`)), `${path} starts ${name}`);
      }
    }
    assert.ok(found > 0);
  });
});
