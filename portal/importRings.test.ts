import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { scratchFolder } from '../src/node/test/scratchFolder.ts';
import { importRings } from './importRings.ts';

it('rings of built modules are found, without what imports them and what they import', async () => {
  const dist = await scratchFolder();
  await mkdir(join(dist, 'assets'));
  const write = async (name: string, ...imports: string[]): Promise<void> => {
    const lines = imports.map((each) => `import{a}from"./${each}.js";`);
    await writeFile(join(dist, 'assets', `${name}.js`), `${lines.join('')}export{a};`);
  };
  await write('base');
  await write('one', 'two', 'base');
  await write('two', 'three');
  await write('three', 'base');
  await write('screen', 'one');
  assert.deepEqual(importRings(dist), []);
  await write('three', 'base', 'one');
  assert.deepEqual(importRings(dist), ['assets/one.js', 'assets/three.js', 'assets/two.js']);
  await rm(dist, { recursive: true });
});
