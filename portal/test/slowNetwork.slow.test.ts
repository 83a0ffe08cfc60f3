import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { setStage } from './setStage.ts';
import { enterAs, openScreen, RECORDS, untilSettled } from './walkthrough.ts';

/** Network of a phone at the edge of a village: 400 ms there and back, 400 kbit/s each way. */
const SLOW = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };

/** Notes everything that the page says while it waits, and every failure that it shows. */
async function listen(
  page: Page,
): Promise<{ readonly waits: Set<string>; readonly bad: string[] }> {
  const heard = { waits: new Set<string>(), bad: [] as string[] };
  await page.exposeFunction('heard', (kind: 'wait' | 'bad', text: string) => {
    if (kind === 'wait') heard.waits.add(text);
    else heard.bad.push(text);
  });
  await page.addInitScript(() => {
    const { heard: tell } = globalThis as unknown as {
      readonly heard: (kind: string, text: string) => void;
    };
    new MutationObserver(() => {
      for (const each of document.querySelectorAll('.wait')) tell('wait', each.textContent);
      for (const each of document.querySelectorAll('.notice.bad')) tell('bad', each.textContent);
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
  return heard;
}

describe('a slow network', { skip: browserMissing }, () => {
  const stage = setStage();
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-slow-'));
  });
  after(async () => await rm(folder, { recursive: true, force: true }));

  it('opens, lets a patient in, shows a record, and takes a photo with its progress, and nothing is called a failure', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    page.setDefaultTimeout(120_000);
    const { waits, bad } = await listen(page);
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', SLOW);
    await enterAs(page, stage.url, 'hospital', 'Teodor Lindqvist');
    await openScreen(page, 'Records');
    await page.locator(RECORDS).first().click();
    await untilSettled(page);
    await page.locator('main h1').waitFor();

    await page.evaluate(() => (location.hash = '#/add'));
    const photo = join(folder, 'photo.bin');
    await writeFile(photo, Buffer.alloc(300_000, 7));
    await page.getByLabel('Photo, PDF or another file').setInputFiles(photo);
    await page.getByLabel('What is it?').fill('A photo');
    await page.getByRole('button', { name: 'Seal and add' }).click();
    await page.getByText('“A photo” is among your records.').waitFor();
    assert.ok(
      [...waits].some((text) => text.startsWith('Uploading the sealed file:')),
      [...waits].join('\n'),
    );
    assert.deepEqual(bad, []);
    assert.deepEqual(complaints, []);
    await visit.close();
  });
});
