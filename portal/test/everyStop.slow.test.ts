import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { setStage } from './setStage.ts';
import { comeAs, leaveSight, reachSight, SEERS } from './sights.ts';
import { walkByTab } from './walkByTab.ts';

const NARROW = { width: 390, height: 844 };

/** A rule each that breaks a page, and what is said of it. */
const BROKEN = {
  ':focus-visible { outline: none !important }': /nothing shows it/,
  'html { scroll-padding: 0 !important }': /has the focus under/,
  'main :is(section, div, ul) { display: flex !important; flex-direction: column-reverse !important }':
    /stands above it/,
};

describe('every stop of Tab', { skip: browserMissing }, () => {
  const stage = setStage({ wearable: true });

  for (const seer of SEERS) {
    it(`on the sights of the ${seer.name} at 390 px is seen, on the screen, under nothing and not above the one before`, async (t) => {
      const visit = await stage.visit({ viewport: NARROW });
      const { page } = visit;
      await comeAs(page, stage.url, seer);
      const faults: string[] = [];
      let all = 0;
      for (const sight of seer.sights) {
        await reachSight(page, sight);
        const walk = await walkByTab(page);
        all += walk.stops;
        faults.push(...walk.faults.map((fault) => `${sight.name}: ${fault}`));
        await leaveSight(page, sight);
      }
      t.diagnostic(`${all} stops on ${seer.sights.length} sights`);
      assert.deepEqual(faults, []);
      assert.ok(all > 4 * seer.sights.length, 'each sight has its menu');
      await visit.close();
    });
  }

  it('is found without a line, under a bar and above the one before, if a rule makes it so', async () => {
    const patient = SEERS.find(({ name }) => name === 'patient');
    assert.ok(patient !== undefined);
    const visit = await stage.visit({ viewport: NARROW });
    const { page } = visit;
    await comeAs(page, stage.url, patient);
    for (const [rule, fault] of Object.entries(BROKEN)) {
      await page.evaluate((text) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        document.adoptedStyleSheets = [sheet];
      }, rule);
      const { faults } = await walkByTab(page);
      assert.match(faults.join('\n'), fault, rule);
    }
    await visit.close();
  });
});
