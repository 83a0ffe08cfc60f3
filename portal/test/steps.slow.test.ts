import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Locator } from 'playwright-core';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import enter from '../src/words/en/enter.json' with { type: 'json' };
import forms from '../src/words/en/forms.json' with { type: 'json' };
import keys from '../src/words/en/keys.json' with { type: 'json' };
import medicines from '../src/words/en/medicines.json' with { type: 'json' };
import rules from '../src/words/en/rules.json' with { type: 'json' };
import share from '../src/words/en/share.json' with { type: 'json' };
import { axeFaults } from './axeFaults.ts';
import { makeKey, PASSPHRASE, writeWords } from './makeKey.ts';
import { setStage } from './setStage.ts';
import { unlooked } from './unlooked.ts';
import { enterAs, openChart, openScreen } from './walkthrough.ts';

/** Resolves once a field has a value. */
async function untilValue(field: Locator, value: string): Promise<void> {
  const wanted = [await field.elementHandle(), value] as const;
  await field
    .page()
    .waitForFunction(([input, text]) => (input as HTMLInputElement).value === text, wanted);
}

describe('steps of a screen', { skip: browserMissing }, () => {
  const stage = setStage();

  it('of sharing are gone through by the browser’s Back and Forward with what was chosen, and not once it is signed', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await openScreen(page, 'Sharing');
    await page.getByRole('link', { name: share.new }).click();
    const who = page.getByRole('heading', { name: share.who });
    const what = page.getByRole('heading', { name: /^What may Dr\. Lena Brandt do, and why/ });
    const until = page.getByRole('heading', { name: share.until });
    await page.getByRole('button', { name: 'Dr. Lena Brandt' }).click();
    await what.waitFor();
    await page.goBack();
    await who.waitFor();
    await page.goForward();
    await what.waitFor();
    await page.getByLabel('Allergies').check();
    await page.getByRole('button', { name: 'Next' }).click();
    await until.waitFor();
    await page.goBack();
    await what.waitFor();
    assert.equal(await page.getByLabel('Allergies').isChecked(), true);
    // The button of the page does the same as the browser's.
    await page.getByRole('button', { name: 'Next' }).click();
    await until.waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await what.waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.locator('.signed').getByText('Confirmed by the organisations: Doctor').waitFor();
    await page.getByRole('button', { name: share.sign }).click();
    await page.getByRole('heading', { name: 'You share with Dr. Lena Brandt' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: share.rights, level: 1 }).waitFor();
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('with the words of a new key are the same after Back, and nobody leaves them without being asked', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await page.goto(`${stage.url}/hospital/portal/`);
    await page.getByRole('button', { name: enter.new }).click();
    const list = page.locator('ol.words');
    const words = await list.innerText();
    await page.getByRole('button', { name: enter.written }).click();
    await page.getByRole('heading', { name: enter['check-words'] }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: enter['write-down'] }).waitFor();
    assert.equal(await list.innerText(), words);
    await page.goBack();
    const question = page.getByRole('dialog');
    await question.getByText(enter['leave-words-means']).waitFor();
    assert.deepEqual(await axeFaults(page), []);
    await question.getByRole('button', { name: enter['leave-words-stay'] }).click();
    await question.waitFor({ state: 'detached' });
    assert.equal(await list.innerText(), words);
    await page.getByRole('button', { name: 'Back' }).click();
    await question.getByRole('button', { name: enter['leave-words-go'] }).click();
    await page.getByRole('button', { name: enter.new }).click();
    assert.notEqual(await list.innerText(), words);
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('of a standing rule lead back to what was typed and to the list, and once it is signed to the screen before', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await openScreen(page, 'Sharing');
    const before = page.getByRole('heading', { name: share.rights, level: 1 });
    await before.waitFor();
    await page.evaluate(() => (location.hash = '#/rules'));
    const list = page.getByRole('heading', { name: rules.title, level: 1 });
    const name = page.getByLabel(rules.name);
    const sheet = page.locator('main .signed');
    await page.getByRole('button', { name: rules.new }).click();
    await name.fill('my cardiologist');
    await page.getByRole('checkbox', { name: 'Dr. Lena Brandt' }).check();
    await page.getByRole('checkbox', { name: 'Vital signs' }).check();
    await page.getByRole('button', { name: rules.preview }).click();
    await sheet.waitFor();
    await page.goBack();
    await untilValue(name, 'my cardiologist');
    await page.goBack();
    await list.waitFor();
    await page.goForward();
    await untilValue(name, 'my cardiologist');
    await page.goForward();
    await sheet.waitFor();
    await page.getByRole('button', { name: rules.sign }).click();
    await page.getByText(/^The rule “my cardiologist” stands\./).waitFor();
    await page.goBack();
    await before.waitFor();

    // The end of a rule has a sheet and no form: Back from it shows the list.
    await page.evaluate(() => (location.hash = '#/rules'));
    await page.getByRole('button', { name: /my cardiologist/ }).click();
    await sheet.waitFor();
    await page.goBack();
    await list.waitFor();
    await page.goBack();
    await before.waitFor();
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('of a changed key show the same words after Back, and once it is changed lead to the screen before', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await page.goto(`${stage.url}/hospital/portal/`);
    await makeKey(page, 'Berta');
    await page.getByRole('button', { name: 'Sign and apply' }).click();
    await page.getByText('Patient at hospital').waitFor();
    await page.evaluate(() => (location.hash = '#/me/keys'));
    const before = page.getByRole('heading', { name: keys.title, level: 1 });
    const about = page.getByRole('heading', { name: keys.change, level: 1 });
    await page.getByRole('link', { name: keys.change }).click();
    await page.getByRole('button', { name: keys['change-begin'] }).click();
    const list = page.locator('ol.words');
    const words = await list.innerText();
    await page.goBack();
    await about.waitFor();
    await page.goForward();
    await page.getByRole('heading', { name: enter['write-down'] }).waitFor();
    assert.equal(await list.innerText(), words);
    await page.getByRole('button', { name: enter.written }).click();
    await page.getByRole('heading', { name: enter['check-words'] }).waitFor();
    await page.goBack();
    await list.waitFor();
    assert.equal(await list.innerText(), words);
    await writeWords(page);
    await page.getByLabel('Your present passphrase').fill(PASSPHRASE);
    await page.getByRole('button', { name: keys['change-now'] }).click();
    await page.getByRole('heading', { name: keys.changed }).waitFor({ timeout: 60_000 });
    await page.goBack();
    await before.waitFor();
    // Nothing of it comes back: the next change has words of its own.
    await page.getByRole('link', { name: keys.change }).click();
    await page.getByRole('button', { name: keys['change-begin'] }).click();
    assert.notEqual(await list.innerText(), words);
    assert.deepEqual(unlooked(complaints), []);
    await visit.close();
  });

  // @attack a person goes back while an order is signed, and forward again | it is signed once: its sheet stays, and is gone after that
  it('of an order lead back to what was typed, and what is signed opens and closes by the keyboard, which stays where it was', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await openChart(page, stage.url, 'Ana Ferreira');
    await page.evaluate(() => {
      location.hash = location.hash.replace(/patients\/(~\d+).*/, 'prescribe/$1');
    });
    const medicine = page.getByLabel(medicines.medicine, { exact: true });
    await medicine.fill('Ibuprofen 400 mg tablets');
    const dose = page.getByRole('group', { name: medicines.dose, exact: true });
    await dose.getByLabel(forms.amount).fill('0,5');
    await dose.getByLabel(forms.times).fill('3');
    await dose.getByLabel(forms.days).fill('13');
    await page.getByLabel(medicines.dosage).fill('With food');
    await page.getByLabel(medicines.unit).fill('tablets');
    // 19.5 tablets are 20, once the doctor takes them.
    await page.getByText('0.5 tablets, 3 times a day, for 13 days').waitFor();
    assert.equal(await page.getByLabel(medicines.amount, { exact: true }).inputValue(), '');
    await page.getByRole('button', { name: 'Take 20 tablets' }).click();
    await untilValue(page.getByLabel(medicines.amount, { exact: true }), '20');
    const check = page.getByRole('button', { name: medicines.check });
    await check.click();
    await page
      .getByRole('heading', { name: /Ana Ferreira/ })
      .and(page.locator('h2'))
      .waitFor();
    await page.getByText('0.5 tablets, 3 times a day, for 13 days. With food').waitFor();
    await page.goBack();
    await untilValue(medicine, 'Ibuprofen 400 mg tablets');
    await check.click();
    const sign = page.getByRole('button', { name: /^Sign and prescribe/ });
    await sign.waitFor();
    // Back while it is signed does not take the sheet away, nor does Forward bring it back once it was signed.
    const gone = Promise.withResolvers<undefined>();
    await page.route(
      '**/v1/submissions',
      async (route) => {
        await gone.promise;
        await route.continue();
      },
      { times: 1 },
    );
    const asked = page.waitForRequest('**/v1/submissions');
    await sign.click();
    await asked;
    await page.goBack();
    await page.locator('main .signed').getByText(medicines.issuing).waitFor();
    gone.resolve(undefined);
    await page.getByText('Ibuprofen 400 mg tablets is prescribed.').waitFor({ timeout: 60_000 });
    await page.goForward();
    await medicine.waitFor();
    await page.locator('main .signed').waitFor({ state: 'detached' });
    await page.goBack();
    await medicine.waitFor();

    const cancel = page.getByRole('button', { name: medicines.cancel, exact: true }).first();
    await cancel.focus();
    await page.keyboard.press('Enter');
    const sheet = page.locator('main .signed');
    await sheet.getByText(/^You cancel the prescription of .+ for good/).waitFor();
    await page.waitForFunction(() => document.activeElement?.tagName === 'H3');
    assert.deepEqual(await axeFaults(page), []);
    await page.goBack();
    await sheet.waitFor({ state: 'detached' });
    await page.waitForFunction(
      (text) => document.activeElement?.textContent === text,
      medicines.cancel,
    );
    // Of a signed order nothing is left to go back to.
    await page.goBack();
    await page.locator('.chart-head').waitFor();
    assert.deepEqual(complaints, []);
    await visit.close();
  });
});
