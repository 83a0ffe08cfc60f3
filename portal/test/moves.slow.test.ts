import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import {
  checkInbox,
  moveParty,
  openParty,
  seedToPhrase,
  servedBy,
} from '../../src/client/index.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { hexToBytes } from '../../src/crypto/bytes.ts';
import { machinePorts } from '../../src/folder/NodePorts.ts';
import { httpAgent, memoryDevice, type Party } from '../../src/client/index.ts';
import me from '../src/words/en/me.json' with { type: 'json' };
import { openDemoVisitor } from './demoVisitor.ts';
import { choosePassphrase } from './makeKey.ts';
import { requireGood } from './requireGood.ts';
import { setStage } from './setStage.ts';
import { enterAs, openScreen, untilSettled } from './walkthrough.ts';

/** The first patient's further device, at the node of an organisation. */
async function furtherDevice(url: string, organisation: string): Promise<Party> {
  const { party, seed } = await openDemoVisitor(url, 'patient');
  return await openParty({
    ...(await machinePorts()),
    network: party.network,
    agent: httpAgent(`${url}/${organisation}`),
    log: `care/${organisation}`,
    device: memoryDevice(),
    seed: hexToBytes(seed),
  });
}

/** Enters an organisation's page with the first patient's 24 words. */
async function enterByWords(page: Page, url: string, organisation: string): Promise<void> {
  const { seed } = await openDemoVisitor(url, 'patient');
  await page.goto(`${url}/${organisation}/portal/`);
  await page.getByRole('button', { name: 'Enter 24 words' }).click();
  await page.getByLabel('Your 24 words').fill(seedToPhrase(hexToBytes(seed)));
  await page.getByLabel('Name for this key').fill('Ana');
  await choosePassphrase(page, 'Open');
  await page.getByRole('button', { name: 'Lock', exact: true }).first().waitFor();
  await untilSettled(page);
}

describe('a person at the page of another organisation', { skip: browserMissing }, () => {
  const stage = setStage();

  it('is said to be of their own, moves by a button, and is told at the former page', async () => {
    const { page, complaints } = await stage.visit();
    await enterByWords(page, stage.url, 'laboratory');
    await openScreen(page, me.menu);
    await page.getByText('Patient at hospital').waitFor();
    await page.getByText('hospital serves you, also on your other devices.').waitFor();
    await requireGood(page, 'another organisation’s page');
    const second = await furtherDevice(stage.url, 'insurer');

    // The node of this page serves nothing for a moment: then nobody moved.
    await page.route('**/v1/letters/collect', async (route) => await route.abort());
    await page.getByRole('button', { name: me.serve }).click();
    await page.locator('main [role="alert"]').first().waitFor();
    await page.unroute('**/v1/letters/collect');
    await checkInbox(second);
    assert.equal(await servedBy(second), undefined);

    await page.getByRole('button', { name: me.serve }).click();
    await page.getByText('laboratory serves you from now on.').waitFor();
    assert.equal(await page.getByRole('button', { name: me.serve }).count(), 0);
    await checkInbox(second);
    assert.deepEqual(await servedBy(second), { organisation: 'laboratory', url: stage.url });
    assert.deepEqual(
      complaints.filter((each) => !each.includes('ERR_FAILED')),
      [],
    );

    const former = await stage.visit();
    await enterAs(former.page, stage.url, 'hospital', 'Ana Ferreira');
    await openScreen(former.page, me.menu);
    await former.page.getByText('laboratory serves you, also on your other devices.').waitFor();
    const link = former.page.getByRole('link', { name: 'Go to the page of laboratory' });
    assert.equal(await link.getAttribute('href'), `${stage.url}/laboratory/portal/`);
    await moveParty(await furtherDevice(stage.url, 'hospital'));
  });
});
