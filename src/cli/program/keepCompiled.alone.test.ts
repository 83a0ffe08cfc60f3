import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { keepCompiled } from './keepCompiled.ts';
import { temporaryFolder } from '../test/runMedseal.ts';
import { VERSION } from '../../folder/version.ts';

const MAIN = join(import.meta.dirname, '../main.ts');

/** Asks the command for its version, in a process of its own. */
function start(env: NodeJS.ProcessEnv): void {
  const PATH = process.env['PATH'];
  const run = spawnSync(process.execPath, [MAIN, '--version'], {
    env: { PATH, ...env },
    encoding: 'utf8',
  });
  assert.deepEqual([run.status, run.stdout, run.stderr], [0, `${VERSION}\n`, '']);
}

describe('what Node compiles for the command', () => {
  it('is kept in the folder for caches, which only its owner can write to', async (t) => {
    const home = await temporaryFolder(t);
    start({ HOME: home, XDG_CACHE_HOME: 'part/of/a/path' });
    assert.deepEqual(await readdir(home), ['.cache']);
    const folder = join(home, '.cache/medseal');
    const { mode } = await stat(folder);
    assert.equal(mode & 0o777, 0o700);
    const [version = ''] = await readdir(folder);
    assert.ok((await readdir(join(folder, version))).length > 50);
  });

  it('is kept in the folder for caches that the environment names', async (t) => {
    const home = await temporaryFolder(t);
    start({ HOME: home, XDG_CACHE_HOME: join(home, 'caches') });
    assert.deepEqual(await readdir(home), ['caches']);
    assert.deepEqual(await readdir(join(home, 'caches')), ['medseal']);
  });

  it('is not kept if others can write there', async (t) => {
    const home = await temporaryFolder(t);
    await mkdir(join(home, '.cache/medseal'), { recursive: true });
    await chmod(join(home, '.cache/medseal'), 0o777);
    assert.equal(keepCompiled({}, home), undefined);

    const shared = await temporaryFolder(t);
    await chmod(shared, 0o777);
    assert.equal(keepCompiled({}, shared), undefined);
    assert.deepEqual(await readdir(shared), []);
  });

  it('is not kept if the folder cannot be made, and nothing is said of it', async (t) => {
    const home = await temporaryFolder(t);
    await writeFile(join(home, '.cache'), 'a file');
    assert.equal(keepCompiled({}, home), undefined);
    assert.equal(keepCompiled({}, join(home, 'absent')), undefined);
    assert.deepEqual(await readdir(home), ['.cache']);
  });

  it('is left to Node if its own settings say what is kept', async (t) => {
    const home = await temporaryFolder(t);
    assert.equal(keepCompiled({ NODE_DISABLE_COMPILE_CACHE: '1' }, home), undefined);
    assert.equal(keepCompiled({ NODE_COMPILE_CACHE: '/elsewhere' }, home), undefined);
    assert.deepEqual(await readdir(home), []);
  });
});
