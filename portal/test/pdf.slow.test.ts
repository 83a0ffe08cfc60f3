import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { FRAME_SCRIPT, frameDocument } from '../src/pdf/frameDocument.ts';
import { LANGUAGES } from '../src/words/Language.ts';
import { axeFaults } from './axeFaults.ts';
import { GREEDY_PDFS } from './greedyPdfs.ts';
import { fax, pagesOf, type TestPdf } from './pdfOf.ts';
import { actAsViewer, floods, owned, runOwned } from './ownedViewer.ts';
import { sayIn } from './sayIn.ts';
import { setStage } from './setStage.ts';
import { RECORDS, enterAs, untilSettled } from './walkthrough.ts';

const HASH = `sha256-${createHash('sha256').update(FRAME_SCRIPT).digest('base64')}`;
const SIZE = { viewport: { width: 390, height: 844 } };

/** Adds a file to the patient's own records, and opens its page. */
async function addAndOpen(page: Page, { name, content }: TestPdf): Promise<void> {
  await page.evaluate(() => location.assign('#/add'));
  await page
    .getByLabel('Photo, PDF or another file')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: content });
  await page.getByRole('button', { name: 'Seal and add' }).click();
  await page.getByText(`“${name}” is among your records.`).waitFor();
  await page.getByRole('link', { name: 'Go to your records' }).click();
  await page.locator(RECORDS, { hasText: name }).first().click();
  await page.getByRole('button', { name: 'Save the file' }).waitFor();
}

/** Waits until the page stands that is wanted. */
async function drawn(page: Page, number: number, of: number): Promise<void> {
  await page.locator('.pdf [role="status"]', { hasText: `Page ${number} of ${of}` }).waitFor();
  await page.locator('.paper[aria-busy="false"]').waitFor();
}

/** Colour of the middle of the page that is shown. */
async function middle(page: Page): Promise<string> {
  return await page.locator('.pdf canvas').evaluate(async (canvas: HTMLCanvasElement) => {
    const copy = document.createElement('canvas');
    copy.width = copy.height = 1;
    const context = copy.getContext('2d');
    context?.drawImage(canvas, -canvas.width / 2, -canvas.height / 2);
    return [...(context?.getImageData(0, 0, 1, 1).data ?? [])].slice(0, 3).join(' ');
  });
}

describe('a PDF in the portal', { skip: browserMissing }, () => {
  const stage = setStage();

  it('is turned by buttons and keys, made larger, named for who does not see it, saved, and without faults in every language', async () => {
    const visit = await stage.visit(SIZE);
    const { page, complaints } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    const letter = { name: 'letter.pdf', content: pagesOf(['1 0 0', '0 1 0', '0 0 1']) };
    await addAndOpen(page, letter);
    await drawn(page, 1, 3);
    assert.equal(await middle(page), '255 0 0');
    assert.equal(loaded.filter((url) => url.includes('pdfWorker')).length, 1);
    const next = page.getByRole('button', { name: 'Next page' });
    await next.click();
    await drawn(page, 2, 3);
    assert.equal(await middle(page), '0 255 0');
    await page.locator('.paper').focus();
    for (const [key, number] of [
      ['PageDown', 3],
      ['PageDown', 3],
      ['PageUp', 2],
      ['Home', 1],
      ['End', 3],
    ] as const) {
      await page.keyboard.press(key);
      await drawn(page, number, 3);
    }
    assert.equal(await middle(page), '0 0 255');
    assert.equal(await next.getAttribute('aria-disabled'), 'true');
    const wide = async (): Promise<number> =>
      await page.locator('.pdf canvas').evaluate((canvas: HTMLCanvasElement) => canvas.width);
    const before = await wide();
    await page.getByRole('button', { name: 'Larger' }).click();
    await page.waitForFunction(
      (width) => Number(document.querySelector('canvas')?.width) > width,
      before,
    );
    assert.equal(
      await page.evaluate(() => document.documentElement.scrollWidth),
      390,
      'the page itself does not scroll sideways',
    );
    for (const { code } of LANGUAGES) {
      await page.locator('select.language').selectOption(code);
      const name = sayIn(code)('records.pdf-picture', { page: 3, pages: 3, name: letter.name });
      await page.getByRole('img', { name, exact: true }).waitFor();
      assert.deepEqual(await axeFaults(page), []);
    }
    await page.locator('select.language').selectOption('en');
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the file' }).click();
    assert.deepEqual(await readFile(await (await saving).path()), letter.content);

    await page.evaluate(() => location.assign('#/records'));
    await page.locator('.pdf').waitFor({ state: 'detached' });
    assert.equal(await page.locator('iframe').count(), 0, 'its frame goes with it');
    await addAndOpen(page, { name: 'fax.pdf', content: fax() });
    await drawn(page, 1, 1);
    assert.equal(await middle(page), '0 0 0', 'a scan is unpacked by its decoder');
    assert.equal(await page.locator('.pdf .notice').count(), 0);
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  // @actor an author of a PDF that unpacks to gigabytes, or never ends | fills the memory of a doctor's browser, or keeps its Lock from working
  it('that wants more than a document may have is not shown, or is shown without what it wants, and the portal goes on', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    const shown = page.locator('.paper[aria-busy="false"]');
    const refused = page.locator('.file > .notice.warn');
    for (const { name, content, ends } of GREEDY_PDFS) {
      await addAndOpen(page, { name, content });
      // The page answers while the viewer is busy.
      await page.getByRole('link', { name: 'Records', exact: true }).hover();
      // The viewer has 15 seconds to open a document, and 15 more for its page.
      await shown.or(refused).waitFor({ timeout: 60_000 });
      const lacks = await page.getByText('A part of this page may be missing.').count();
      const was = (await refused.count()) > 0 ? 'refused' : lacks > 0 ? 'lacks' : 'shown';
      assert.equal(was, ends, name);
      assert.equal(await page.locator('iframe').count(), ends === 'refused' ? 0 : 1, name);
    }
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  // @actor an author of a PDF that never ends | keeps its viewer at work after a doctor left it or locked the portal
  it('that never ends is gone with its frame as soon as somebody leaves it, or locks the portal', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    const endless = GREEDY_PDFS.find(({ name }) => name === 'forms-of-forms.pdf');
    assert.ok(endless);
    for (const [name, act] of [
      [
        'left.pdf',
        async () => await page.getByRole('link', { name: 'Records', exact: true }).click(),
      ],
      [
        'locked.pdf',
        async () => await page.getByRole('button', { name: 'Lock', exact: true }).click(),
      ],
    ] as const) {
      await addAndOpen(page, { name, content: endless.content });
      await page.locator('.paper[aria-busy="true"]').waitFor();
      assert.equal(page.workers().length, 1, 'the viewer draws');
      const ended = page.workers()[0]?.waitForEvent('close');
      await act();
      await page.locator('iframe').waitFor({ state: 'detached' });
      await ended;
    }
    await page.getByRole('button', { name: 'Ana Ferreira' }).waitFor();
    await visit.close();
  });

  // @actor an author of a PDF that took over its viewer | reads keys or records of the portal, sends a document away, or loads other code
  it('that took over its viewer reads nothing of the portal, reaches no address, and loads no other code', async (t) => {
    const visit = await stage.visit();
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await untilSettled(page);
    let reached = 0;
    const elsewhere = createServer(() => (reached += 1)).listen(0, '127.0.0.1');
    t.after(() => elsewhere.close());
    await once(elsewhere, 'listening');
    const { port } = elsewhere.address() as AddressInfo;
    const found = await page.evaluate(runOwned, {
      html: frameDocument(HASH),
      program: `(${owned.toString()})(${JSON.stringify(stage.url)}, '127.0.0.1:${port}')`,
    });
    assert.deepEqual(found, {
      origin: 'null',
      ...Object.fromEntries(
        Object.keys(found)
          .slice(1)
          .map((way) => [way, 'refused']),
      ),
    });
    assert.ok(Object.keys(found).length >= 14, Object.keys(found).join());
    assert.equal(reached, 0);
    await visit.close();
  });

  for (const [how, flood] of [
    ['answers that nobody asked for', 'for (;;) port.postMessage(new Uint8Array(100_000));'],
    ['its own faults', 'setInterval(() => { throw new Error("fault"); });'],
  ] as const) {
    // @actor a PDF that took over its viewer | floods the portal with messages, so that it and its Lock stand still and the memory fills
    it(`that took over its viewer and floods the portal with ${how} is gone with its frame, and Lock works`, async () => {
      const visit = await stage.visit();
      const { page } = visit;
      await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
      await page.evaluate(actAsViewer, `(${floods.toString()})((port) => { ${flood} })`);
      // It stands for half a second: it is looked for before it is there.
      const stands = page.locator('.pdf', { hasText: 'Page 1 of 1' });
      await Promise.all([
        stands.locator('.paper[aria-busy="false"]').waitFor(),
        addAndOpen(page, { name: 'flood.pdf', content: pagesOf(['1 0 0']) }),
      ]);
      await page.locator('iframe').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Lock', exact: true }).click();
      await page.getByRole('button', { name: 'Ana Ferreira' }).waitFor();
      await visit.close();
    });
  }

  // @actor whoever gets a text into the viewer's frame | runs another program in it
  it('has a viewer whose frame runs no other program, and which refuses to run anywhere else', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    const other = frameDocument(HASH).replace("'use strict'", "parent.name = 'owned'");
    const names = await page.evaluate(async (html) => {
      const rules = { createHTML: (text: string) => text };
      const { trustedTypes } = globalThis as unknown as {
        trustedTypes: { createPolicy(name: string, made: typeof rules): typeof rules };
      };
      const frame = document.createElement('iframe');
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
      frame.srcdoc = trustedTypes.createPolicy('medseal-frame', rules).createHTML(html);
      document.body.append(frame);
      await loaded;
      return window.name;
    }, other);
    assert.equal(names, '');
    assert.match(complaints.join(), /inline script violates/);
    await assert.rejects(page.evaluate(FRAME_SCRIPT), /belongs into a frame without an origin/);
    await visit.close();
  });
});
