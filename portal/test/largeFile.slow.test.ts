import assert from 'node:assert/strict';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { setStage } from './setStage.ts';
import { enterAs } from './walkthrough.ts';

const LARGE = 8 * 2 ** 30;
/** Bytes that reading may take at most, whatever the file's size. */
const FLAT = 200e6;

/** Opens the screen as a patient, with a file chosen. */
async function choose(page: Page, url: string, file: string): Promise<void> {
  await enterAs(page, url, 'hospital', 'Ana Ferreira');
  await page.evaluate(() => (location.hash = '#/add'));
  await page.getByLabel('Photo, PDF or another file').setInputFiles(file);
}

describe('a file of 8 GiB', { skip: browserMissing }, () => {
  const stage = setStage();
  let folder: string;
  let large: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-large-'));
    large = await sparseFile('scan.bin', LARGE);
  });
  after(async () => await rm(folder, { recursive: true, force: true }));

  /** Makes a file that takes no space on the disk. */
  async function sparseFile(name: string, size: number): Promise<string> {
    const file = await open(join(folder, name), 'w');
    await file.truncate(size);
    await file.close();
    return join(folder, name);
  }

  it('twice as long is refused at once, before any of it is read, for the browser has no space to seal it', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    const larger = await sparseFile('larger.bin', 2 * LARGE);
    await choose(page, stage.url, larger);
    const stages: string[] = [];
    await page.exposeFunction('sawStage', (text: string) => stages.push(text));
    await page.evaluate(() => {
      const see = (globalThis as unknown as { sawStage: (text: string) => void }).sawStage;
      new MutationObserver(() => see(document.querySelector('.wait')?.textContent ?? '')).observe(
        document.body,
        { childList: true, subtree: true, characterData: true },
      );
    });
    await page.getByRole('button', { name: 'Seal and add' }).click();
    await page.getByText('This browser has no space left').first().waitFor();
    assert.deepEqual(
      stages.filter((text) => /MB/.test(text)),
      [],
    );
    await visit.close();
  });

  it('is read in flat memory if there is space, with progress, and stops when the person cancels', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    const session = await page.context().newCDPSession(page);
    await choose(page, stage.url, large);
    const memory = async (): Promise<number> => {
      const { usedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage');
      return usedSize + backingStorageSize;
    };
    const begun = await memory();
    await page.getByRole('button', { name: 'Seal and add' }).click();
    await page.getByText(/^Reading the file: [\d,]{3,} of 8,590 MB/).waitFor({ timeout: 60_000 });
    assert.ok((await memory()) - begun < FLAT, `${(await memory()) - begun} bytes`);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled.').waitFor();
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('that grows while it is read is refused, and nothing of it is added', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    const growing = join(folder, 'growing.bin');
    await writeFile(growing, Buffer.alloc(300_000_000, 7));
    await choose(page, stage.url, growing);
    await page.getByRole('button', { name: 'Seal and add' }).click();
    await page.getByText(/^(Reading the file|Sealing): /).waitFor();
    await writeFile(growing, 'shorter', { flag: 'a' });
    await page.getByText('The file changed or went away').first().waitFor({ timeout: 60_000 });
    assert.equal(await page.getByText('is among your records.').count(), 0);
    await visit.close();
  });
});
