import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { axeFaults } from './axeFaults.ts';
import { setStage } from './setStage.ts';
import { comeAs, reachSight, SEERS, type Seer, type Sight } from './sights.ts';
import { untilSettled } from './walkthrough.ts';

/** Texts of one language have no name of a message, such as `records.menu`, in place of its words. */
const NAME_OF_WORDS = /(?:^|\s)[a-z]+\.[a-z]+(?:-[a-z]+)*(?=\s|$)/m;

/** With `EVERY=1` each screen is loaded again; else some of each person, since each takes two seconds. */
const { EVERY } = process.env;
/** Screens of a person that are loaded again. */
const SOME = 3;

/** Text in a form. */
const TYPED = 'A line.\nAnother one.';

/** The screens that somebody reaches by an address, each once. */
function addressed({ sights }: Seer): readonly Sight[] {
  const seen = new Set<string>();
  return sights.flatMap(({ name, path }) => {
    if (path === undefined || seen.has(path)) return [];
    seen.add(path);
    return [{ name, path }];
  });
}

const titleOf = async (page: Page): Promise<string> => await page.locator('main h1').innerText();

async function speak(page: Page, tag: string): Promise<void> {
  await page.locator('select.language').selectOption(tag);
  await page.locator(`html[lang=${tag}]`).waitFor({ state: 'attached' });
  await untilSettled(page);
}

describe('a screen on the second day', { skip: browserMissing }, () => {
  const stage = setStage();

  it('changes its language where the person is, with words for everything, and comes back to what it said', async () => {
    for (const seer of SEERS) {
      const visit = await stage.visit({ viewport: { width: 390, height: 844 } });
      const { page } = visit;
      await comeAs(page, stage.url, seer);
      for (const sight of addressed(seer)) {
        const where = `${seer.name}, ${sight.name}`;
        await reachSight(page, sight);
        // Typed text stays meanwhile.
        const field = page.locator('main textarea:visible:not([readonly])').first();
        const isTyped = (await field.count()) > 0;
        if (isTyped) await field.fill(TYPED);
        const [title, place] = [await titleOf(page), page.url()];
        for (const tag of ['de', 'ar']) {
          await speak(page, tag);
          assert.equal(page.url(), place, where);
          assert.doesNotMatch(await page.locator('main').innerText(), NAME_OF_WORDS, where);
          const beside = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          assert.equal(beside, 0, `${where}, ${tag}`);
        }
        await speak(page, 'en');
        if (isTyped) assert.equal(await field.inputValue(), TYPED, where);
        assert.equal(await titleOf(page), title, where);
      }
      assert.deepEqual(visit.complaints, [], seer.name);
      await visit.close();
    }
  });

  it('comes again after a reload and after the lock of another tab, which takes every word of the person off it', async () => {
    for (const seer of SEERS.filter(({ called }) => called !== undefined)) {
      const visit = await stage.visit();
      const { page } = visit;
      await comeAs(page, stage.url, seer);
      const other = await page.context().newPage();
      const sights = addressed(seer);
      const step = EVERY === '1' ? 1 : Math.ceil(sights.length / SOME);
      for (const sight of sights.filter((_, place) => place % step === 0)) {
        const where = `${seer.name}, ${sight.name}`;
        await reachSight(page, sight);
        const title = await titleOf(page);
        await page.reload();
        await page.getByRole('button', { name: seer.called ?? '' }).click();
        await page.locator('nav a[href="#/more"]').waitFor();
        await untilSettled(page);
        assert.equal(await titleOf(page), title, where);
      }
      await comeAs(other, stage.url, seer);
      await other.getByRole('button', { name: 'Lock' }).first().click();
      for (const each of [page, other]) {
        await each.locator('nav a[href="#/more"]').waitFor({ state: 'detached' });
        await untilSettled(each);
        assert.equal(await each.title(), 'Medseal', seer.name);
        assert.match(each.url(), /#\/$/, seer.name);
      }
      assert.deepEqual(await axeFaults(page), [], seer.name);
      assert.deepEqual(visit.complaints, [], seer.name);
      await visit.close();
    }
  });
});
