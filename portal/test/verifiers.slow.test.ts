import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { httpAgent } from '../../src/client/index.ts';
import { formatEvidenceFile } from '../../src/protocol/evidence/parseEvidenceFile.ts';
import { axeFaults } from './axeFaults.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { setStage } from './setStage.ts';
import { openScreen, untilSettled } from './walkthrough.ts';

describe('a visitor without a key', { skip: browserMissing }, () => {
  const stage = setStage();

  /** Number of the first block with an enrolment. */
  async function enrolmentBlock(): Promise<number> {
    const blocks = await httpAgent(`${stage.url}/hospital`).blocks({ from: 0 });
    const found = blocks.find(({ events }) => events.some(({ kind }) => kind === 'Enrolled'));
    return found?.number ?? assert.fail();
  }

  it('verifies a log’s history without asking anybody, and sees that one altered digit is not safe', async () => {
    const agent = httpAgent(`${stage.url}/hospital`);
    const checkpoint = await agent.checkpoint('care/hospital');
    const entries = await agent.entries({ log: 'care/hospital', from: 0 });
    const whole = entries.slice(0, checkpoint.size).map(({ entry }) => entry.slice(2));
    const text = formatEvidenceFile({
      format: 'medseal-history/1',
      checkpoint,
      entries: `0x${whole.join('')}`,
    });
    const [good, bad] = [join(stage.data, 'good.json'), join(stage.data, 'bad.json')];
    await writeFile(good, text);
    await writeFile(bad, text.replace(whole[0]?.slice(0, 8) ?? '', '01234567'));
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await page.goto(`${stage.url}/hospital/portal/#/verify`);
    await untilSettled(page);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.getByLabel('Evidence').setInputFiles([good, bad]);
    await page.getByRole('heading', { name: 'bad.json' }).waitFor();
    assert.match((await page.locator('.finding').first().textContent()) ?? '', /Safe · History/);
    assert.match((await page.locator('.finding').last().textContent()) ?? '', /Not safe/);
    assert.deepEqual(asked, [], 'nothing is asked');
    assert.deepEqual(await axeFaults(page), []);
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('examines a log here and now, and finds what the ledger says of an address, by the keyboard', async () => {
    const visit = await stage.visit({
      viewport: { width: 390, height: 844 },
    });
    const { page, complaints } = visit;
    await page.goto(`${stage.url}/hospital/portal/#/verify`);
    await untilSettled(page);
    await openScreen(page, 'Network');
    await page.getByRole('link', { name: 'care/hospital' }).press('Enter');
    await page.getByRole('button', { name: 'Examine this log now' }).press('Enter');
    await page.getByText('Compared with: the ledger, laboratory, insurer.').waitFor();
    assert.equal(await page.locator('.notice.good').textContent(), 'Safe');
    assert.deepEqual(await axeFaults(page), []);
    await openScreen(page, 'Network');
    assert.deepEqual(await axeFaults(page), []);
    const block = await enrolmentBlock();
    await page.getByLabel('Search').fill(String(block));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Block ${block}` }).waitFor();
    await page.getByText('Registry.enrol').waitFor();
    const hash = (await page.locator('th a.hash').getAttribute('href')) ?? '';
    await openScreen(page, 'Network');
    await page.getByLabel('Search').fill(hash.slice(-66));
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'It is a transaction: open it' }).press('Enter');
    await page.getByText('The transaction succeeded.').waitFor();
    assert.deepEqual(await axeFaults(page), []);
    assert.ok(
      await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
      'nothing is wider than the screen',
    );
    assert.deepEqual(complaints, []);
    await visit.close();
  });
});
