import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { HOSTILE_PDFS } from './hostilePdfs.ts';
import { setStage } from './setStage.ts';
import { enterAs, RECORDS, untilSettled } from './walkthrough.ts';

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

/** The one frame that there may be, but for its own document. */
const FRAME = '<iframe sandbox="allow-scripts" allow="" hidden=""></iframe>';

describe('a file that others wrote', { skip: browserMissing }, () => {
  const stage = setStage({ viewers: true });

  // @actor An author of a PDF that runs a program, asks for the passphrase, posts a form or leaves for another site | has the browser's viewer run it in the portal's name
  it('runs nothing in the portal’s name, whatever it is: it is saved with its bytes, and no viewer of the browser gets it', async () => {
    const visit = await stage.visit({ viewport: { width: 390, height: 844 } });
    const { page, complaints } = visit;
    const done: string[] = [];
    page.on('dialog', (dialog) => {
      done.push(dialog.message());
      void dialog.dismiss();
    });
    page.context().on('page', (other) => done.push(other.url()));
    page.on('framenavigated', (frame) => {
      const isPortal = frame === page.mainFrame() && frame.url().startsWith(stage.url);
      if (!isPortal && frame.url() !== 'about:srcdoc') done.push(`frame ${frame.url()}`);
    });
    page.on('request', (request) => {
      // The viewer starts its program from the memory of its frame, which is of no origin.
      const url = request.url().replace(/^blob:/, '');
      if (!url.startsWith(stage.url) && !url.startsWith('null/')) done.push(url);
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
      await page.locator(RECORDS, { hasText: name }).first().click();
      await page.getByRole('button', { name: 'Save the file' }).waitFor();
      await untilSettled(page);
      if (name.endsWith('.pdf')) {
        await page.locator('.paper[aria-busy="false"]').waitFor();
        await page.locator('.pdf').click({ position: { x: 180, y: 260 } });
      }
      assert.deepEqual(done, [], name);
      const saving = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save the file' }).click();
      const saved = await saving;
      assert.equal(saved.suggestedFilename(), name);
      assert.deepEqual(await readFile(await saved.path()), content);
      assert.equal(await page.locator('main img, object, embed, video').count(), 0, name);
      const frames = await page
        .locator('iframe')
        .evaluateAll((all) => all.map((each) => each.outerHTML.replace(/ srcdoc="[^]*"/, '')));
      assert.deepEqual(frames, name.endsWith('.pdf') ? [FRAME] : [], name);
      assert.equal(await page.title(), 'Records – Medseal');
    }
    assert.deepEqual(done, []);
    assert.deepEqual(complaints, []);
    await visit.close();
  });
});

describe('the portal', () => {
  it('has no element or call that gives a document of others to a viewer of the browser, but a frame with a document of its own', () => {
    const folder = join(import.meta.dirname, '../src');
    const files = globSync('**/!(*.test).{ts,tsx}', { cwd: folder });
    assert.ok(files.length > 100);
    const openers =
      /<(?:iframe|frame|object|embed|video|audio|portal)\b|createElement\(['"](?:iframe|frame|object|embed)|\bopen\(\s*(?:url|made)|window\.open|srcdoc|setHTML|innerHTML/i;
    const withOpeners = files.filter((file) =>
      openers.test(readFileSync(join(folder, file), 'utf8')),
    );
    const camera = join('camera', 'ScanDialog.tsx');
    const frame = join('pdf', 'openFrame.ts');
    assert.deepEqual(
      withOpeners.toSorted(),
      [camera, frame],
      'the camera’s picture, and one frame',
    );
    // It shows a stream, and never a file.
    assert.match(readFileSync(join(folder, camera), 'utf8'), /<video (?![^>]*\bsrc\b)/);
  });
});
