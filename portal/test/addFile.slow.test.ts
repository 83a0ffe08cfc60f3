import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page, Request } from 'playwright-core';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { setStage } from './setStage.ts';
import { enterAs, untilSettled } from './walkthrough.ts';

const MARK = 'PLAINTEXT-MARKER-7f3a';
const TITLE = 'TITLE-MARKER-91bc';
const NAME = 'Żółć-Ελλάδα-日本-ملف.bin';

/** Adds a file at the screen that is open. */
async function add(page: Page, file: string, title = ''): Promise<void> {
  await page.getByLabel('Photo, PDF or another file').setInputFiles(file);
  await page.getByLabel('What is it?').fill(title);
  await page.getByRole('button', { name: 'Seal and add' }).click();
}

describe('adding files in the browser', { skip: browserMissing }, () => {
  const stage = setStage();
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-files-'));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('gives nobody a key, a plaintext or a title: not in any request, address, console or storage in plain', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    const seen: string[] = [];
    const sent: Promise<void>[] = [];
    page.on('console', (message) => seen.push(`console: ${message.text()}`));
    page.context().on('request', (request: Request) => {
      seen.push(`address: ${request.url()}`, JSON.stringify(request.headers()));
      seen.push(request.postDataBuffer()?.toString('latin1') ?? '');
    });
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    const people = (await (await fetch(`${stage.url}/hospital/portal/demo.json`)).json()) as {
      called: string;
      seed: string;
    }[];
    const seed = people.find(({ called }) => called === 'Ana Ferreira')?.seed.slice(2) ?? '';
    assert.equal(seed.length, 64);

    await page.evaluate(() => (location.hash = '#/add'));
    const big = join(folder, NAME);
    await writeFile(big, `${MARK} `.repeat(200_000));
    await add(page, big, TITLE);
    await page.getByText(`“${TITLE}” is among your records.`).waitFor();
    // The same file again gets the original answer: nothing is uploaded.
    const before = seen.length;
    await add(page, big, TITLE);
    await page.getByRole('button', { name: 'Seal and add' }).waitFor();
    await page.waitForFunction(() => document.querySelector('.wait') === null);
    assert.equal(
      seen.slice(before).some((each) => /address: .*\/files\//.test(each)),
      false,
    );
    await page.getByRole('link', { name: 'Go to your records' }).click();
    await untilSettled(page);
    await page.getByText(TITLE).first().waitFor();

    await Promise.all(sent);
    seen.push(page.url(), await page.title());
    seen.push(
      await page.evaluate(() =>
        JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]),
      ),
    );
    const raw = Buffer.from(seed, 'hex');
    for (const secret of [
      MARK,
      TITLE,
      NAME,
      seed,
      raw.toString('base64'),
      raw.toString('latin1'),
    ]) {
      const where = seen.filter((each) => each.includes(secret));
      assert.deepEqual(
        where.map((each) => each.slice(0, 200)),
        [],
        secret.slice(0, 8),
      );
    }
    assert.deepEqual(
      await page.evaluate(() => [localStorage.length, sessionStorage.length]),
      [0, 0],
    );
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('validates and splits FHIR, refuses what is not valid or empty, and says when a file changed meanwhile', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await page.evaluate(() => (location.hash = '#/add'));
    const file = join(folder, 'bundle.json');
    const observation = {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'Pulse' },
      valueQuantity: { value: 72, unit: '/min' },
    };
    await writeFile(
      file,
      JSON.stringify({ ...observation, status: 'invented by nobody', valueQuantity: 'x' }),
    );
    await add(page, file);
    await page.getByText('is not valid. Nothing was added').waitFor();
    const valid = join(folder, 'valid.json');
    await writeFile(valid, JSON.stringify(observation));
    await add(page, valid);
    await page.getByText('“valid.json” is among your records.').waitFor();

    const empty = join(folder, 'empty.pdf');
    await writeFile(empty, '');
    await add(page, empty);
    await page.getByText('There is nothing to add').waitFor();

    const moving = join(folder, 'moving.txt');
    await writeFile(moving, 'as it was chosen');
    await page.getByLabel('Photo, PDF or another file').setInputFiles(moving);
    await writeFile(moving, 'as it became, longer than before');
    await page.getByRole('button', { name: 'Seal and add' }).click();
    await page.getByText('The file changed or went away').first().waitFor();
    await visit.close();
  });

  it('stops when the person cancels, and goes on with the same file', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await page.evaluate(() => (location.hash = '#/add'));
    const file = join(folder, 'scan.bin');
    await writeFile(file, Buffer.alloc(60_000_000, 7));
    await add(page, file, 'Scan');
    await page.getByText(/^Sealing: /).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled.').waitFor();
    await page.getByRole('button', { name: 'Seal and add' }).click();
    await page.getByText('“Scan” is among your records.').waitFor({ timeout: 60_000 });
    assert.deepEqual(complaints, []);
    await visit.close();
  });
});
