import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../../src/client/test/openBrowser.ts';
import { isEasy, LANGUAGE_OPTIONS, LANGUAGES, languageOf } from '../src/words/Language.ts';
import { openVisit } from './openVisit.ts';
import { sayEasily } from './sayIn.ts';
import { builtPortal, servePortal, type ServedPortal } from './servePortal.ts';

/** Languages whose words a page loads from now on, and `easy` for each file of easy ones. */
function languagesLoaded(page: Page): readonly (string | undefined)[] {
  const loaded: (string | undefined)[] = [];
  page.on('request', (request) => {
    const words = /\/assets\/_?(?:words_(?<code>[a-z]+)|(?<easy>easy))-/.exec(request.url());
    if (words) loaded.push(words.groups?.['code'] ?? words.groups?.['easy']);
  });
  return loaded;
}

describe('the languages of the portal', { skip: browserMissing }, () => {
  let browser: Browser;
  let served: ServedPortal;

  before(async () => {
    browser = await openBrowser();
    served = await servePortal(await builtPortal());
  });

  after(async () => {
    await browser.close();
    await served.close();
  });

  for (const { code, name } of LANGUAGES) {
    it(`begin with ${name} in a browser that asks for it, fit on a phone, and load no words of another`, async () => {
      const visit = await openVisit(browser, {
        locale: `${code}-CH`,
        viewport: { width: 390, height: 844 },
      });
      const loaded = languagesLoaded(visit.page);
      await visit.page.goto(served.url);
      const choice = visit.page.locator(`html[lang=${code}] select.language`);
      await choice.waitFor();
      assert.equal(await choice.inputValue(), code);
      assert.equal(await choice.locator('option:checked').innerText(), name);
      assert.equal(await visit.page.evaluate(() => document.documentElement.scrollWidth), 390);
      assert.deepEqual(loaded, [code]);
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    });
  }

  it('change without another start to each that a person chooses', async () => {
    const visit = await openVisit(browser, { locale: 'pt-BR' });
    const loaded = languagesLoaded(visit.page);
    await visit.page.goto(served.url);
    for (const { code } of [...LANGUAGES, ...LANGUAGES]) {
      await visit.page.locator('select.language').selectOption(code);
      await visit.page.locator(`html[lang=${code}]`).waitFor({ state: 'attached' });
    }
    assert.deepEqual(
      loaded,
      LANGUAGES.map(({ code }) => code),
    );
    assert.deepEqual(visit.complaints, []);
    await visit.close();
  });

  for (const { tag, name } of LANGUAGE_OPTIONS.filter((each) => isEasy(each.tag))) {
    it(`keep ${name} over a reload, once it is chosen, and load it in no other case`, async () => {
      const visit = await openVisit(browser, {
        locale: 'fr-CH',
        viewport: { width: 390, height: 844 },
      });
      const { page } = visit;
      const loaded = languagesLoaded(page);
      await page.goto(served.url);
      const lead = sayEasily(languageOf(tag))('enter.lead');
      assert.equal(await page.getByText(lead).count(), 0);
      await page.locator('select.language').selectOption(tag);
      await page.getByText(lead).waitFor();
      assert.deepEqual(loaded, ['fr', languageOf(tag), 'easy']);
      await page.reload();
      await page.getByText(lead).waitFor();
      assert.equal(await page.locator('select.language').inputValue(), tag);
      assert.equal(await page.evaluate(() => document.documentElement.lang), tag);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    });
  }
});
