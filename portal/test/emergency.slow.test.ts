import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { addRecord } from '../../src/client/index.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { axeFaults } from './axeFaults.ts';
import { openDemoVisitor } from './demoVisitor.ts';
import { setStage } from './setStage.ts';
import { enterAs, openScreen } from './walkthrough.ts';

/** A folder for the pictures; absent if nobody wants them. */
const SHOTS = process.env['SHOTS'];
const PATIENT = 'Ana Ferreira';
const HOSTILE = `<img src=x onerror=alert(1)> \u202egnorw`;

/** Groups of a card. */
const GROUPS = 7;

/** Makes a card with all that the records offer but the medicines, and a person to call. */
async function makeCard(page: Page): Promise<void> {
  await openScreen(page, 'Emergency card');
  const name = page.getByLabel('Your name and date of birth');
  assert.match(await name.inputValue(), /^Ana Ferreira, 3 (?:Feb|May) 1961$/);
  await name.fill('Ana Ferreira, 3 May 1961');
  for (const box of await boxes(page, 'Medicines')) await box.uncheck();
  await page.getByLabel('People to call').fill(`Rui, 555 0100\n${HOSTILE}\n${'9'.repeat(10_000)}`);
  await page.getByRole('button', { name: 'Make the card' }).click();
  await page.locator('.emergency').waitFor();
}

/** The boxes of a group, or of all. */
async function boxes(page: Page, group?: string): Promise<readonly Locator[]> {
  await page.getByRole('button', { name: 'Make the card' }).waitFor();
  const place =
    group === undefined ? page.locator('main') : page.getByRole('group', { name: group });
  return await place.getByRole('checkbox').all();
}

/** Everything that the page’s databases hold, as text. */
async function kept(page: Page): Promise<string> {
  return await page.evaluate(async () => {
    const all: unknown[] = [];
    for (const { name = '' } of await indexedDB.databases()) {
      const opening = indexedDB.open(name);
      await new Promise((resolve) => opening.addEventListener('success', resolve));
      for (const store of opening.result.objectStoreNames) {
        const values = opening.result.transaction(store).objectStore(store).getAll();
        await new Promise((resolve) => values.addEventListener('success', resolve));
        all.push(values.result);
      }
      opening.result.close();
    }
    return JSON.stringify(all);
  });
}

/** Decodes a picture as a browser does: its size, the first row that is not white, and how many lines of text it has. */
async function lookAtPicture(
  page: Page,
  base64: string,
): Promise<{
  readonly width: number;
  readonly height: number;
  readonly first: number;
  readonly rows: number;
}> {
  return await page.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (each) => each.codePointAt(0) ?? 0);
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const { width, height } = picture;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context?.drawImage(picture, 0, 0);
    const { data } = context?.getImageData(0, 0, width, height) ?? { data: [] };
    let [first, rows, wasInk] = [height, 0, false];
    for (let y = 0; y < height; y++) {
      const row = data.slice(y * width * 4, (y + 1) * width * 4);
      const isInk = row.some((value) => value < 128);
      if (isInk) first = Math.min(first, y);
      if (isInk && !wasInk) rows += 1;
      wasInk = isInk;
    }
    return { width, height, first, rows };
  }, base64);
}

async function lock(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Lock', exact: true }).click();
  await page.getByRole('button', { name: 'Enter 24 words' }).waitFor();
}

describe('the emergency card', { skip: browserMissing }, () => {
  const stage = setStage();

  it('has all that the records offer but what was taken out, and lies on the device sealed', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', PATIENT);
    await makeCard(page);
    const text = await page.locator('.emergency').innerText();
    assert.ok(text.includes('Ana Ferreira, 3 May 1961') && text.includes('Rui, 555 0100'));
    assert.ok(text.includes('<img src=x onerror=alert(1)> \\u{202e}gnorw'));
    assert.ok(text.length < 1500, 'a line of 10,000 characters is cut');
    const checked = async (group: string): Promise<readonly boolean[]> =>
      await Promise.all((await boxes(page, group)).map(async (box) => await box.isChecked()));
    assert.ok((await checked('Allergies')).every(Boolean));
    assert.ok(!(await checked('Medicines')).some(Boolean));
    assert.ok(!text.includes('Lisinopril'));
    const sections = page.locator('.emergency section');
    assert.equal(await sections.count(), GROUPS, 'also those without a line');
    const said = async (group: string): Promise<string> =>
      (await sections.filter({ hasText: group }).innerText()).replaceAll(/\s+/g, ' ');
    assert.match(await said('Medicines'), /^Medicines Not stated\.$/i, 'taken out is not unknown');
    assert.match(await said('Languages'), /^Languages Not stated\.$/i);
    assert.ok(!(await kept(page)).includes('555 0100'));
    await lock(page);
    assert.equal(await page.getByRole('button', { name: 'Emergency card' }).count(), 0);
    assert.deepEqual(visit.complaints, []);
    await visit.close();
  });

  it('is refused with a sentence while nothing is on it', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', PATIENT);
    await openScreen(page, 'Emergency card');
    const all = await boxes(page);
    assert.ok(all.length > 3);
    for (const box of all) await box.uncheck();
    await page.getByRole('button', { name: 'Make the card' }).click();
    await page.getByRole('alert').getByText('The card is empty.').waitFor();
    assert.equal(await page.locator('.emergency').count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Save as a picture' }).count(), 0);
    await page.getByLabel('Languages').fill('Portuguese');
    await page.getByRole('button', { name: 'Make the card' }).click();
    await page.locator('.emergency').getByText('Portuguese').waitFor();
    await visit.close();
  });

  for (const browser of ['chromium', 'firefox'] as const) {
    it(`is saved as a picture of a telephone’s size by ${browser}, which says who can read it and asks no node`, async () => {
      const visit = await stage.visit({ browser });
      const { page } = visit;
      await enterAs(page, stage.url, 'hospital', PATIENT);
      await makeCard(page);
      const asked: string[] = [];
      page.on('request', (request) => {
        if (!/^(blob|data):/.test(request.url())) asked.push(request.url());
      });
      await page.getByRole('button', { name: 'Save as a picture' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('can read it without your passphrase').waitFor();
      assert.deepEqual(await axeFaults(page), []);
      // Firefox tells a test of no download: the file is taken where the page hands it to the browser.
      const handed = await page.evaluateHandle(() => {
        const hand = URL.createObjectURL.bind(URL);
        return {
          file: new Promise<Blob>((resolve) => {
            URL.createObjectURL = (file) => {
              if (file instanceof Blob) resolve(file);
              return hand(file);
            };
          }),
        };
      });
      await dialog.getByRole('button', { name: 'Save the picture' }).click();
      const { type, base64 } = await handed.evaluate(async ({ file }) => {
        const blob = await file;
        const bytes = new Uint8Array(await blob.arrayBuffer());
        const text = Array.from(bytes, (byte) => String.fromCodePoint(byte)).join('');
        return { type: blob.type, base64: btoa(text) };
      });
      await dialog.waitFor({ state: 'detached' });
      assert.equal(type, 'image/png');
      assert.deepEqual(asked, []);
      const size = Buffer.from(base64, 'base64').length;
      assert.ok(size > 20_000 && size < 1_000_000, `${size} bytes`);
      if (SHOTS !== undefined) {
        await writeFile(join(SHOTS, `card-${browser}.png`), Buffer.from(base64, 'base64'));
      }
      const picture = await lookAtPicture(page, base64);
      assert.deepEqual([picture.width, picture.height], [1080, 1920]);
      assert.ok(picture.first > 400, 'the time of a locked screen hides nothing');
      assert.ok(picture.rows > 2 * GROUPS, `${picture.rows} lines of text`);
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    });
  }

  it('is shown without a key and without a network after it was wanted, until it is stopped in one step', async () => {
    const visit = await stage.visit({ serviceWorkers: 'allow' });
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', PATIENT);
    await makeCard(page);
    await page.getByRole('button', { name: 'Show it without unlocking' }).click();
    await page.getByText('Anyone who holds this device can then read the card').waitFor();
    await page.getByRole('button', { name: 'Show it on this device' }).click();
    await page.getByRole('button', { name: 'Stop showing it' }).waitFor();
    assert.ok((await kept(page)).includes('555 0100'), 'it says that it is not sealed');
    await page.evaluate(async () => await navigator.serviceWorker.ready);
    await lock(page);
    await page.context().setOffline(true);
    await page.reload();
    await page.getByRole('button', { name: 'Emergency card' }).click();
    await page.locator('.emergency').getByText('Rui, 555 0100').waitFor();
    await page.context().setOffline(false);

    await enterAs(page, stage.url, 'hospital', PATIENT);
    await openScreen(page, 'Emergency card');
    await page.getByRole('button', { name: 'Stop showing it' }).click();
    await page.getByRole('button', { name: 'Show it without unlocking' }).waitFor();
    assert.ok(!(await kept(page)).includes('555 0100'));
    await lock(page);
    assert.equal(await page.getByRole('button', { name: 'Emergency card' }).count(), 0);
    await visit.close();
  });

  it('says on the locked page too that the records changed after it was made', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', PATIENT);
    await makeCard(page);
    await page.getByRole('button', { name: 'Show it without unlocking' }).click();
    await page.getByRole('button', { name: 'Show it on this device' }).click();
    await page.getByRole('button', { name: 'Stop showing it' }).waitFor();
    await lock(page);
    const { party, handle } = await openDemoVisitor(stage.url, 'patient');
    assert.ok(handle !== undefined);
    const content = new TextEncoder().encode('A new allergy.');
    // An event counts as later from the next second on.
    const next = Math.floor(Date.now() / 1000) + 1;
    await page.waitForFunction((second) => Date.now() >= second * 1000, next);
    await addRecord(party, { handle, category: 'allergies', purpose: 'PATRQT', content });
    await enterAs(page, stage.url, 'hospital', PATIENT);
    await page.getByText('Your records changed after you made this card.').waitFor();
    await lock(page);
    await page.getByRole('button', { name: 'Emergency card' }).click();
    await page.getByText(/The records changed on .*, after this card was made/).waitFor();
    await visit.close();
  });

  for (const [width, colorScheme] of [
    [1280, 'light'],
    [390, 'dark'],
  ] as const) {
    it(`has no fault of accessibility and nothing beside the screen at ${width} px, ${colorScheme}`, async () => {
      const visit = await stage.visit({ viewport: { width, height: 900 }, colorScheme });
      const { page } = visit;
      const requireGood = async (where: string): Promise<void> => {
        assert.deepEqual(await axeFaults(page), [], where);
        const beside = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(beside, 0, where);
      };
      await enterAs(page, stage.url, 'hospital', PATIENT);
      await makeCard(page);
      await requireGood('composed');
      await page.emulateMedia({ media: 'print' });
      assert.equal(await page.getByRole('button').count(), 0, 'paper has nothing but the card');
      assert.ok(await page.locator('.emergency').isVisible());
      await page.emulateMedia({ media: 'screen' });
      await page.getByRole('button', { name: 'Show it without unlocking' }).click();
      await requireGood('asking');
      await page.getByRole('button', { name: 'Show it on this device' }).click();
      await page.getByRole('button', { name: 'Stop showing it' }).waitFor();
      await lock(page);
      await page.getByRole('button', { name: 'Emergency card' }).click();
      await page.locator('.emergency').waitFor();
      await requireGood('locked');
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    });
  }
});
