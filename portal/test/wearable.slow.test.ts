import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { requireGood } from './requireGood.ts';
import { setStage } from './setStage.ts';
import { comeAs } from './sights.ts';
import { openScreen } from './walkthrough.ts';

/** Milliseconds in which a batch of ten seconds has come and was looked for, on a machine that does other things too. */
const PATIENCE = 60_000;

describe('the wearable of the demonstration’s patient', { skip: browserMissing }, () => {
  const stage = setStage({ wearable: true });

  it('has a curve that appears and moves though nobody touches the page, in German and at 390 pixels', async () => {
    const look = { viewport: { width: 390, height: 844 }, locale: 'de-DE' };
    const visit = await stage.visit({ ...look, colorScheme: 'dark' });
    const { page } = visit;
    const ana = { name: 'patient', organisation: 'hospital', called: 'Ana Ferreira', sights: [] };
    await comeAs(page, stage.url, ana);
    await openScreen(page, 'Messwerte');
    const pulse = page.getByRole('figure', { name: 'Puls' });
    const table = pulse.locator('summary');
    await table.waitFor({ timeout: PATIENCE });
    assert.match(await pulse.locator('figcaption').innerText(), /\d+ Schläge\/Minute/);
    const [drawn, counted] = [await pathOf(), await table.innerText()];
    await page.waitForFunction(
      (before) => document.querySelector('figure.curve summary')?.textContent !== before,
      counted,
      { timeout: PATIENCE },
    );
    assert.notEqual(await pathOf(), drawn);
    assert.equal(await pulse.locator('.gap').count(), 0, 'there is no gap');
    await requireGood(page, 'Messwerte');
    assert.deepEqual(visit.complaints, []);
    await visit.close();

    async function pathOf(): Promise<string | null> {
      return await pulse.locator('path.line').getAttribute('d');
    }
  });
});
