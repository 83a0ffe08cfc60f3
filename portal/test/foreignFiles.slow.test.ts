import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { HOSTILE_PDFS } from './hostilePdfs.ts';
import { setStage } from './setStage.ts';
import { enterAs, untilSettled } from './walkthrough.ts';

/** Files that a viewer of the browser would run, and one that its player would open. */
const OTHERS = [
  ['page.html', '<script>document.title = "owned"</script>'],
  [
    'image.svg',
    '<svg xmlns="http://www.w3.org/2000/svg"><script>document.title="owned"</script></svg>',
  ],
  [
    'text.xml',
    '<x xmlns="http://www.w3.org/1999/xhtml"><script>document.title="owned"</script></x>',
  ],
  ['film.mp4', '\0\0\0\u0018ftypmp42\0\0\0\0mp42'],
].map(([name = '', text = '']) => ({ name, content: Buffer.from(text, 'latin1') }));

describe('a file that others wrote', { skip: browserMissing }, () => {
  const stage = setStage();

  it('runs nothing in the portal’s name, whatever it is: it is saved with its bytes, and no viewer of the browser gets it', async () => {
    const visit = await stage.visit({ viewport: { width: 390, height: 844 } });
    const { page, complaints } = visit;
    const done: string[] = [];
    page.on('dialog', (dialog) => {
      done.push(dialog.message());
      void dialog.dismiss();
    });
    page.context().on('page', (other) => done.push(other.url()));
    page.on('frameattached', (frame) => done.push(`frame ${frame.url()}`));
    page.on('request', (request) => {
      const url = request.url().replace(/^blob:/, '');
      if (!url.startsWith(stage.url)) done.push(url);
    });
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    for (const { name, content } of [...HOSTILE_PDFS, ...OTHERS]) {
      await page.evaluate(() => location.assign('#/add'));
      await page
        .getByLabel('Photo, PDF or another file')
        .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: content });
      await page.getByRole('button', { name: 'Seal and add' }).click();
      await page.getByText(`“${name}” is among your records.`).waitFor();
      await page.getByRole('link', { name: 'Go to your records' }).click();
      await page.locator('a.card', { hasText: name }).first().click();
      await page.getByRole('button', { name: 'Save the file' }).waitFor();
      await untilSettled(page);
      assert.deepEqual(done, [], name);
      if (name.endsWith('.pdf')) {
        await page.getByText('A PDF can run programs, so the portal does not show it.').waitFor();
      }
      const saving = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save the file' }).click();
      const saved = await saving;
      assert.equal(saved.suggestedFilename(), name);
      assert.deepEqual(await readFile(await saved.path()), content);
      assert.equal(await page.locator('main img, iframe, object, embed, video').count(), 0, name);
      assert.equal(page.frames().length, 1, name);
      assert.equal(await page.title(), 'Medseal');
    }
    assert.deepEqual(done, []);
    assert.deepEqual(complaints, []);
    await visit.close();
  });
});

describe('the portal', () => {
  it('has no element or call that gives a document of others to a viewer of the browser', () => {
    const folder = join(import.meta.dirname, '../src');
    const files = globSync('**/!(*.test).{ts,tsx}', { cwd: folder });
    assert.ok(files.length > 100);
    const openers =
      /<(?:iframe|frame|object|embed|video|audio|portal)\b|createElement\(['"](?:iframe|frame|object|embed)|\bopen\(\s*(?:url|made)|window\.open|srcdoc|setHTML|innerHTML/i;
    for (const file of files)
      assert.doesNotMatch(readFileSync(join(folder, file), 'utf8'), openers, file);
  });
});
