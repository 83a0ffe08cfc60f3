import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { axeFaults } from './axeFaults.ts';
import { choosePassphrase, makeKey, PASSPHRASE, writeWords } from './makeKey.ts';
import type { Visit } from './openVisit.ts';
import { setStage } from './setStage.ts';
import { openScreen, untilSettled } from './walkthrough.ts';

const CHANGE = 'I lost a device, or somebody saw my words';

async function openKeys(page: Page, part?: string): Promise<void> {
  await openScreen(page, 'Me');
  await page.getByRole('link', { name: 'Your key' }).click();
  await untilSettled(page);
  if (part === undefined) return;
  await page.getByRole('link', { name: part }).click();
  await untilSettled(page);
}

async function lock(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Lock', exact: true }).first().click();
}

async function unlock(page: Page, called: string, passphrase = PASSPHRASE): Promise<void> {
  await page.getByRole('button', { name: called, exact: true }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
}

async function untilIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Lock', exact: true }).first().waitFor();
  await untilSettled(page);
}

async function enterWords(page: Page, words: readonly string[], called?: string): Promise<void> {
  await page.getByLabel('Your 24 words').fill(words.join(' '));
  if (called !== undefined) await page.getByLabel('Name for this key').fill(called);
  await choosePassphrase(page, 'Open');
}

/** Makes new words and gives the passphrase; returns the words. */
async function changeKey(page: Page): Promise<readonly string[]> {
  await openKeys(page, CHANGE);
  await page.getByRole('button', { name: 'Make new words' }).click();
  const words = await writeWords(page);
  await page.getByLabel('Your present passphrase').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Change the key' }).click();
  return words;
}

async function addNote(page: Page, title: string): Promise<void> {
  await page.evaluate(() => (location.hash = '#/add'));
  await page.getByLabel('Or write a note').fill(`Text of ${title}`);
  await page.getByLabel('What is it?').fill(title);
  await page.getByRole('button', { name: 'Seal and add' }).click();
  await page.getByText(`“${title}” is among your records.`).waitFor();
}

describe('a key that a browser keeps', { skip: browserMissing }, () => {
  const stage = setStage();

  async function newPatient(
    called: string,
  ): Promise<Visit & { readonly words: readonly string[] }> {
    const visit = await stage.visit();
    const { page } = visit;
    await page.goto(`${stage.url}/hospital/portal/`);
    const words = await makeKey(page, called);
    await page.getByRole('button', { name: 'Sign and apply' }).click();
    await page.getByText('Patient at hospital').waitFor();
    return { ...visit, words };
  }

  it('gives its words again after the passphrase, takes another passphrase, and is forgotten whole', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await page.goto(`${stage.url}/hospital/portal/`);
    const words = await makeKey(page, 'Ada');
    await openKeys(page, 'Show my 24 words');
    await page.getByLabel('Your present passphrase').fill('not the passphrase');
    await page.getByRole('button', { name: 'Show the words' }).click();
    await page.getByText('This is not the passphrase').waitFor();
    assert.equal(await page.locator('.words li').count(), 0);
    await page.getByLabel('Your present passphrase').fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Show the words' }).click();
    await page.locator('.words').waitFor();
    assert.deepEqual(await page.locator('.words li').allInnerTexts(), words);
    await page.getByRole('link', { name: 'Hide the words' }).click();
    await page.getByRole('link', { name: 'Change the passphrase' }).click();
    await page.getByLabel('Your present passphrase').fill(PASSPHRASE);
    await page.getByLabel('New passphrase').fill('six other words in a row');
    await page.getByLabel('The passphrase again').fill('six other words in a row');
    await page.getByRole('button', { name: 'Change the passphrase' }).click();
    await page.getByText('The new passphrase opens your key').waitFor();
    await lock(page);
    await unlock(page, 'Ada', 'six other words in a row');
    await untilIn(page);

    await openKeys(page, 'Remove this key from this browser');
    await page.getByRole('button', { name: 'Remove the key' }).click();
    await page.getByText('Fill in the fields above first.').waitFor();
    await page.getByLabel('I have my 24 words on paper').check();
    await page.getByRole('button', { name: 'Remove the key' }).click();
    await page.getByRole('button', { name: 'Make a new key' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Ada' }).count(), 0);
    const left = await page.evaluate(async () =>
      (await indexedDB.databases()).map(({ name }) => name),
    );
    assert.deepEqual(left, ['medseal/portal/hospital']);
    await page.getByRole('button', { name: 'Enter 24 words' }).click();
    await enterWords(page, words, 'Ada again');
    await untilIn(page);
    // The browser tells of every 404: no organisation knows this key, which did not apply.
    assert.deepEqual(
      complaints.filter((each) => !each.includes('404')),
      [],
    );
    await visit.close();
  });

  it('is changed: the new words count here and in another browser, and a browser with the old key says so', async () => {
    const berta = await newPatient('Berta');
    const { page, complaints, words } = berta;
    await addNote(page, 'Before');
    const other = await stage.visit();
    await other.page.goto(`${stage.url}/hospital/portal/`);
    await other.page.getByRole('button', { name: 'Enter 24 words' }).click();
    await enterWords(other.page, words, 'Berta');
    await untilIn(other.page);
    await lock(other.page);

    const after = await changeKey(page);
    await page.getByRole('heading', { name: 'Your key is changed' }).waitFor();
    assert.notDeepEqual(after, words);
    await addNote(page, 'After');
    await lock(page);
    await unlock(page, 'Berta');
    await untilIn(page);
    await openScreen(page, 'Records');
    await page.getByText('Before').waitFor();
    await openKeys(page, 'Show my 24 words');
    await page.getByLabel('Your present passphrase').fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Show the words' }).click();
    await page.locator('.words').waitFor();
    assert.deepEqual(await page.locator('.words li').allInnerTexts(), after);

    await unlock(other.page, 'Berta');
    await other.page.getByText('This key was changed').waitFor();
    await other.page.getByRole('button', { name: 'Enter 24 words' }).click();
    await enterWords(other.page, words);
    await other.page.getByText('This key was changed').waitFor();
    await enterWords(other.page, after);
    await untilIn(other.page);
    await openScreen(other.page, 'Records');
    await other.page.getByRole('button', { name: 'Open all' }).click();
    for (const title of ['Before', 'After']) await other.page.getByText(title).waitFor();
    await lock(other.page);
    await unlock(other.page, 'Berta');
    await untilIn(other.page);
    assert.deepEqual([complaints, other.complaints], [[], []]);
    await berta.close();
    await other.close();
  });

  for (const [width, colorScheme] of [
    [390, 'dark'],
    [1280, 'light'],
  ] as const) {
    it(`has screens without a fault of accessibility at ${width} px, ${colorScheme}`, async () => {
      const visit = await stage.visit({ viewport: { width, height: 844 }, colorScheme });
      const { page } = visit;
      await page.goto(`${stage.url}/hospital/portal/`);
      await makeKey(page, 'Cleo');
      const good = async (where: string): Promise<void> => {
        await untilSettled(page);
        assert.deepEqual(await axeFaults(page), [], where);
        const beside = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(beside, 0, where);
      };
      for (const part of ['Show my 24 words', 'Change the passphrase', CHANGE, 'Remove this key']) {
        await openKeys(page);
        await good('keys');
        await page.getByRole('link', { name: part }).click();
        await good(part);
      }
      await openKeys(page, CHANGE);
      await page.getByRole('button', { name: 'Make new words' }).click();
      await good('new words');
      await writeWords(page);
      await good('checked words');
      await visit.close();
    });
  }
});
