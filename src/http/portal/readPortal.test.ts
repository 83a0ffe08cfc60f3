import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { scratchFolder } from '../../node/test/scratchFolder.ts';
import { writePortal } from '../test/writePortal.ts';
import { readPortal } from './readPortal.ts';

async function built(t: TestContext): Promise<string> {
  const folder = await scratchFolder();
  t.after(async () => await rm(folder, { recursive: true }));
  await writePortal(folder);
  return folder;
}

describe('the built portal', () => {
  it('is read whole, by the pins of its page', async (t) => {
    const folder = await built(t);
    const portal = await readPortal(folder);
    assert.deepEqual(
      [...(portal?.files.keys() ?? [])],
      ['index.html', 'assets/main-1.js', 'icon.svg'],
    );
    assert.equal(portal?.policy, "default-src 'none'");
    const page = portal.files.get('index.html') ?? new Uint8Array();
    assert.equal(portal.sha256, createHash('sha256').update(page).digest('hex'));
  });

  it('is absent if nothing was built', async (t) => {
    const folder = await scratchFolder();
    t.after(async () => await rm(folder, { recursive: true }));
    assert.equal(await readPortal(folder), undefined);
    assert.equal(await readPortal(join(folder, 'nowhere')), undefined);
  });

  it('gives nothing that its page does not name', async (t) => {
    const folder = await built(t);
    await writeFile(join(folder, 'secret.txt'), 'a secret');
    assert.equal((await readPortal(folder))?.files.has('secret.txt'), false);
  });

  for (const [what, file, change] of [
    ['a page that was changed', 'index.html', 'change'],
    ['code that was changed', 'assets/main-1.js', 'change'],
    ['code that is missing', 'assets/main-1.js', 'remove'],
    ['a page that is missing', 'index.html', 'remove'],
    ['a folder in place of code', 'assets/main-1.js', 'folder'],
    ['pins that are not JSON', 'portal.json', 'change'],
    ['pins that lack the hash', 'portal.json', '{"policy":"a"}'],
    ['pins that are null', 'portal.json', 'null'],
  ] as const) {
    it(`is refused with ${what}, by that file’s name`, async (t) => {
      const folder = await built(t);
      const path = join(folder, file);
      await rm(path);
      if (change === 'folder') await mkdir(path);
      else if (change !== 'remove') await writeFile(path, change);
      const code = change === 'folder' ? 'EISDIR' : 'PORTAL_DAMAGED';
      const message = change === 'folder' ? /EISDIR/ : new RegExp(file.replace('.', '\\.'));
      await assert.rejects(readPortal(folder), { code, message });
    });
  }
});
