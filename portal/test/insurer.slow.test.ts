import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { setStage } from './setStage.ts';
import { enterAs, openScreen, untilSettled } from './walkthrough.ts';

const INSURER = 'Marek Novak';

describe('what is shown to an insurer', { skip: browserMissing }, () => {
  const stage = setStage();

  it('is told to be incomplete if the node leaves a record out, though it is asked again', async () => {
    const { page, ...visit } = await stage.visit();
    await enterAs(page, stage.url, 'insurer', INSURER);
    await openScreen(page, 'Shown to me');
    let lists = 0;
    await page.route('**/v1/submissions', async (route) => {
      const response = await route.fetch();
      const text = JSON.stringify(await response.json(), (key, value: unknown) => {
        if (key !== 'records' || !Array.isArray(value)) return value;
        lists += 1;
        return value.slice(1);
      });
      await route.fulfill({ response, body: text });
    });
    await page.getByRole('link', { name: 'See what Ana Ferreira shows' }).click();
    await page.getByText('Other organisations count other records').waitFor();
    await page.getByText(/0 record versions are listed of \d+: some were left out/).waitFor();
    assert.equal(lists, 2);
    await visit.close();
  });

  it('does not open as a clinical chart, and not at all once the patient stops sharing', async () => {
    const [insurer, patient] = [await stage.visit(), await stage.visit()];
    await enterAs(insurer.page, stage.url, 'insurer', INSURER);
    await openScreen(insurer.page, 'Shown to me');
    const { hash } = new URL(
      (await insurer.page.getByRole('link', { name: /^See what/ }).getAttribute('href')) ?? '',
      stage.url,
    );
    await insurer.page.evaluate((to) => location.assign(to), '#/patients');
    await insurer.page.getByRole('heading', { name: 'Claims to decide' }).waitFor();
    await insurer.page.evaluate((to) => location.assign(to), `#/inbox/0x${'5a'.repeat(32)}`);
    await insurer.page.getByText('You have no right to this.').waitFor();

    await enterAs(patient.page, stage.url, 'hospital', 'Ana Ferreira');
    await openScreen(patient.page, 'Sharing');
    await patient.page.getByRole('link', { name: 'Look at the record' }).waitFor();
    assert.doesNotMatch(await patient.page.locator('main').innerText(), /0x/);
    await patient.page.getByRole('button', { name: `Stop sharing with ${INSURER}` }).click();
    await patient.page.getByRole('button', { name: 'Stop sharing', exact: true }).click();
    await patient.page.getByText(`${INSURER} can open nothing more.`).waitFor();

    await insurer.page.evaluate((to) => location.assign(to), hash);
    await insurer.page.getByText('This right has ended.').waitFor();
    await untilSettled(insurer.page);
    assert.equal(await insurer.page.locator('li.card').count(), 0);
    assert.deepEqual(patient.complaints, []);
    await patient.close();
    await insurer.close();
  });
});
