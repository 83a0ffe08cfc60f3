import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { axeFaults } from './axeFaults.ts';
import { sayIn } from './sayIn.ts';
import { comeAs, leaveSight, reachSight, SEERS, type Seer } from './sights.ts';
import { setStage } from './setStage.ts';
import { turnedValues } from './turnedValues.ts';

const say = sayIn('ar');
const WIDTHS = [320, 390, 1280];

/** Returns the middle of the first element of a selector, pixels from the left. */
async function middleOf(page: Page, selector: string): Promise<number> {
  const box = await page.locator(selector).first().boundingBox();
  assert.ok(box, selector);
  return box.x + box.width / 2;
}

function seerOf(name: string): Seer {
  const seer = SEERS.find((each) => each.name === name);
  assert.ok(seer);
  return seer;
}

describe('the portal in Arabic', { skip: browserMissing }, () => {
  const stage = setStage({ wearable: true });

  for (const seer of SEERS) {
    it(`turns no value of what a ${seer.name} sees, fits on a phone and a desk, has no fault of accessibility and the digits of a chart`, async () => {
      // Devices of this country have another calendar and other digits.
      const visit = await stage.visit({ locale: 'ar-SA', viewport: { width: 390, height: 844 } });
      const { page } = visit;
      await comeAs(page, stage.url, seer);
      assert.equal(await page.evaluate(() => document.documentElement.dir), 'rtl');
      for (const sight of seer.sights) {
        await reachSight(page, sight);
        for (const width of WIDTHS) {
          const where = `${sight.name} at ${width} px`;
          await page.setViewportSize({ width, height: 844 });
          const beside = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          assert.equal(beside, 0, where);
          assert.deepEqual(await turnedValues(page), [], where);
        }
        await page.setViewportSize({ width: 390, height: 844 });
        // Colours are the same in every language, and take most of the time.
        assert.deepEqual(await axeFaults(page, ['color-contrast']), [], sight.name);
        const text = await page.locator('body').innerText();
        assert.doesNotMatch(text, /[٠-٩۰-۹]/, `${sight.name} has other digits`);
        assert.doesNotMatch(text, /\\u\{/, `${sight.name} shows a mark that nobody should see`);
        await leaveSight(page, sight);
      }
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    });
  }

  it('would turn values that stand in it without marks, which the test sees', async () => {
    const visit = await stage.visit({ locale: 'ar' });
    const { page } = visit;
    await comeAs(page, stage.url, seerOf('visitor'));
    const values = ['132 / 82', '500 mg', '4 – 5.6', '2026-03-14', '37.2 °C', '°C', '98 %'];
    const shown = async (made: 'p' | 'bdi'): Promise<readonly string[]> =>
      await page
        .evaluate(
          ([name, texts]) => {
            document.body.replaceChildren(
              ...texts.map((text) => {
                const [line, value] = [document.createElement('p'), document.createElement(name)];
                if (name === 'bdi') value.dir = 'ltr';
                value.append(name === 'p' ? `القيمة ${text}` : text);
                line.append('القيمة ', value, ' هنا');
                return line;
              }),
            );
          },
          [made, values] as const,
        )
        .then(async () => await turnedValues(page));
    assert.deepEqual(await shown('p'), values);
    assert.deepEqual(await shown('bdi'), []);
    await visit.close();
  });

  it('has its menu at the right, drawings that point on to the left, and clocks and ticks that are not turned', async () => {
    const visit = await stage.visit({ locale: 'ar' });
    const { page } = visit;
    await comeAs(page, stage.url, seerOf('patient'));
    await reachSight(page, { name: 'records', path: '/records' });
    assert.ok((await middleOf(page, 'nav')) > 1280 - 264, 'the menu stands at the right');
    const flipped = await page
      .locator('main .flip')
      .first()
      .evaluate((each) => {
        return getComputedStyle(each).transform;
      });
    assert.equal(flipped, 'matrix(-1, 0, 0, 1, 0, 0)');
    for (const drawing of await page.locator('.icon:not(.flip)').all()) {
      assert.equal(await drawing.evaluate((each) => getComputedStyle(each).transform), 'none');
    }
    await page.setViewportSize({ width: 390, height: 844 });
    assert.ok(
      (await middleOf(page, 'nav li:nth-child(1) a')) >
        (await middleOf(page, 'nav li:nth-child(2) a')),
      'the first entry of the bar is at the right',
    );
    await visit.close();
  });

  it('keeps the time of a course from left to right', async () => {
    const visit = await stage.visit({ locale: 'ar' });
    const { page } = visit;
    await comeAs(page, stage.url, seerOf('patient'));
    await reachSight(page, { name: 'results', path: '/chart/results' });
    const drawing = page.locator('.trend svg').first();
    await drawing.waitFor();
    const [oldest, newest] = await drawing.locator(':scope > text').all();
    assert.ok(oldest && newest);
    const [from, until] = [await oldest.boundingBox(), await newest.boundingBox()];
    const frame = await drawing.boundingBox();
    assert.ok(from && until && frame);
    assert.ok(from.x + from.width < until.x, 'the oldest value is at the left');
    assert.ok(from.x >= frame.x && until.x + until.width <= frame.x + frame.width + 1);
    await visit.close();
  });

  it('goes on among choices by the keys that point down and to the left', async () => {
    const visit = await stage.visit({ locale: 'ar' });
    const { page } = visit;
    await comeAs(page, stage.url, seerOf('patient'));
    const sights = seerOf('patient').sights.filter(({ name }) => name.startsWith('share-'));
    for (const sight of sights) await reachSight(page, sight);
    const choices = page.getByRole('radio');
    await choices.first().check();
    await page.keyboard.press('ArrowDown');
    assert.ok(await choices.nth(1).isChecked());
    await page.keyboard.press('ArrowLeft');
    assert.ok(await choices.nth(2).isChecked());
    await page.keyboard.press('ArrowRight');
    assert.ok(await choices.nth(1).isChecked());
    await visit.close();
  });

  it('makes an emergency card whose lines keep their order, on the screen and where it is kept', async () => {
    const visit = await stage.visit({ locale: 'ar', viewport: { width: 390, height: 844 } });
    const { page } = visit;
    await comeAs(page, stage.url, seerOf('patient'));
    await reachSight(page, { name: 'card', path: '/card' });
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await page.getByLabel(say('emergency.contacts')).fill('رشيد: 132 / 82 mmHg');
    await page.getByRole('button', { name: say('emergency.make') }).click();
    const card = page.locator('.emergency');
    await card.waitFor();
    const text = await card.innerText();
    assert.match(text, /Metformin 500 mg/);
    assert.match(text, /132 \/ 82 mmHg/);
    assert.doesNotMatch(text, /\\u\{/);
    assert.deepEqual(await turnedValues(page), []);
    await visit.close();
  });

  it('is copied without the marks that keep its order', async () => {
    const visit = await stage.visit({ locale: 'ar' });
    const { page } = visit;
    await comeAs(page, stage.url, seerOf('patient'));
    await reachSight(page, { name: 'home', path: '/home' });
    const copied = await page.evaluate(async () => {
      const text = new Promise<string>((resolve) => {
        addEventListener('copy', (event) => resolve(event.clipboardData?.getData('text') ?? ''), {
          once: true,
        });
      });
      getSelection()?.selectAllChildren(document.body);
      document.execCommand('copy');
      return await text;
    });
    assert.match(await page.locator('body').innerText(), /[\u2066\u2068]/);
    assert.match(copied, /Metformin 500 mg/);
    assert.doesNotMatch(copied, /[\u200f\u2066-\u2069]/);
    await visit.close();
  });
});
