import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { KEPT, keepFolder } from './keepFolder.ts';
import { playSample } from './sampleFolder.ts';

const scratch = mkdtempSync(join(tmpdir(), 'medseal-kept-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** Released versions whose folders have a way forward: those from 0.2.0 on. */
const released = [
  ...readFileSync(join(import.meta.dirname, '../../CHANGELOG.md'), 'utf8').matchAll(/^## (\S+)/gm),
]
  .map(([, version = '']) => version)
  .filter((version) => /^\d+\.\d+\.\d+$/.test(version) && version !== '0.1.0');
const kept = existsSync(KEPT) ? readdirSync(KEPT).map((name) => name.replace(/\.tgz$/, '')) : [];

/** Unpacks an archive, uses its folder twice, and asserts that nothing is lost. */
async function bringForward(archive: string, version: string): Promise<void> {
  const folder = join(scratch, version);
  mkdirSync(folder, { mode: 0o700 });
  const words = ['--extract', '--file', archive, '--directory', folder];
  assert.equal(spawnSync('tar', words).status, 0);
  const first = await playSample(folder, 'written later');
  assert.deepEqual(first.texts, [`written by ${version}`]);
  const second = await playSample(folder, 'written last');
  assert.deepEqual(second.texts.toSorted(), [`written by ${version}`, 'written later'].toSorted());
  assert.ok(second.covered > first.covered);
}

describe('folders of released versions', () => {
  it('are kept for each version from 0.2.0 on, and for no other', () => {
    assert.deepEqual(kept.toSorted(), released.toSorted());
  });

  for (const version of kept) {
    it(`are brought forward by this version: ${version}`, async () => {
      await bringForward(join(KEPT, `${version}.tgz`), version);
    });
  }

  it('are made small by this version, which opens its own', async () => {
    const archive = await keepFolder('present', join(scratch, 'archives'));
    assert.ok(statSync(archive).size < 2 ** 20, `${statSync(archive).size} bytes`);
    await bringForward(archive, 'present');
    await assert.rejects(keepFolder('present', join(scratch, 'archives')), /there already/);
  });
});
