import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  ROOT,
  runProgram,
  sdkPrograms,
  startDemo,
  withoutNumbers,
  writePrograms,
} from './sdkPrograms.ts';

const programs = await sdkPrograms();

describe('the programs in docs/use/sdk.md, on the sources', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-sdk-'));
    await linkSources(folder);
    await writePrograms(folder, programs);
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  it('are there', () => {
    assert.ok(programs.length >= 3);
  });

  it('do and print what the page says', async () => {
    const data = join(folder, 'network');
    await using network = await startDemo(join(ROOT, 'src/cli/main.ts'), data);
    for (const { name, printed } of programs) {
      if (printed === undefined) continue;
      const stdout = await runProgram(folder, name, network.url, data);
      assert.equal(stdout, withoutNumbers(printed), name);
    }
  });
});

/** Makes the sources importable as the package is once it is installed: the same entry points, without the build. */
async function linkSources(folder: string): Promise<void> {
  const installed = join(folder, 'node_modules/medseal');
  await mkdir(installed, { recursive: true });
  await symlink(join(ROOT, 'src'), join(installed, 'src'));
  const manifest = await readFile(join(ROOT, 'package.json'), 'utf8');
  const { exports } = JSON.parse(manifest) as { exports: Record<string, { default?: string }> };
  const doors = Object.entries(exports).map(([door, { default: built = '' }]) => [
    door,
    built.replace('./dist/', './src/').replace(/\.js$/, '.ts'),
  ]);
  const linked = { name: 'medseal', type: 'module', exports: Object.fromEntries(doors) as unknown };
  await writeFile(join(installed, 'package.json'), JSON.stringify(linked));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
}
