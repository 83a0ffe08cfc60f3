import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { CDPSession, Page } from 'playwright-core';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { fillInKey, makeKey, PASSPHRASE } from './makeKey.ts';
import { setStage } from './setStage.ts';
import { enterAs, openChart, untilSettled } from './walkthrough.ts';

/** A virtual authenticator with the extension `prf`, which answers for its person. */
async function addAuthenticator(page: Page): Promise<{ cdp: CDPSession; authenticatorId: string }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      hasPrf: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, authenticatorId };
}

describe('keys in the browser', { skip: browserMissing }, () => {
  const stage = setStage();
  let url: string;

  before(() => {
    // Passkeys belong to a name, never to the number of an address.
    url = `${stage.url.replace('127.0.0.1', 'localhost')}/hospital/portal/`;
  });

  it('open with the passphrase while the page goes on, and with the device’s passkey until it is gone', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    const { cdp, authenticatorId } = await addAuthenticator(page);
    await page.goto(url);
    await makeKey(page, 'Ada');
    await page.getByRole('button', { name: 'Unlock with this device' }).click();
    await page.getByText('This device can open your key').waitFor();
    await page.getByRole('button', { name: 'Lock', exact: true }).first().click();

    await page.getByRole('button', { name: 'Ada', exact: true }).click();
    const worker = page.waitForEvent('worker');
    await page.getByLabel('Or your passphrase').fill('not the passphrase');
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByText('This is not the passphrase').waitFor();
    assert.match(
      (await worker).url(),
      /^blob:/,
      'a worker tried it, whose code was verified first',
    );

    await page.getByRole('button', { name: 'Unlock with this device' }).click();
    await page.getByRole('button', { name: 'Lock', exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Lock', exact: true }).first().click();

    await cdp.send('WebAuthn.clearCredentials', { authenticatorId });
    await page.getByRole('button', { name: 'Ada', exact: true }).click();
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await page.getByRole('button', { name: 'Unlock with this device' }).click();
    await page.getByText('This device did not open the key').waitFor();
    await page.getByLabel('Or your passphrase').fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByRole('button', { name: 'Lock', exact: true }).first().waitFor();
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('lock with another tab, and when nobody is there for ten minutes', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    const other = await page.context().newPage();
    await other.clock.install();
    for (const tab of [page, other]) {
      await enterAs(tab, stage.url, 'hospital', 'Ana Ferreira');
    }
    await page.getByRole('button', { name: 'Lock', exact: true }).first().click();
    await other.getByRole('heading', { name: 'Your health records' }).waitFor();

    await other.getByRole('button', { name: 'Ana Ferreira' }).click();
    await other.getByRole('button', { name: 'Lock', exact: true }).first().waitFor();
    await untilSettled(other);
    await other.clock.fastForward(9 * 60_000);
    // Unlike a wheel's, a key's event is handled when this returns.
    await other.keyboard.press('Shift');
    await other.clock.fastForward(9 * 60_000);
    assert.equal(
      (await other.getByRole('button', { name: 'Lock', exact: true }).count()) > 0,
      true,
    );
    await other.clock.fastForward(2 * 60_000);
    await other.getByRole('heading', { name: 'Your health records' }).waitFor();
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('do not stay on the screen as words when nobody is there, nor leave a chart’s address behind', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await page.clock.install();
    await page.goto(url);
    await page.getByRole('button', { name: 'Make a new key' }).click();
    await page.locator('.words li').first().waitFor();
    await page.clock.fastForward(11 * 60_000);
    await page.getByRole('button', { name: 'Make a new key' }).waitFor();
    assert.equal(await page.locator('.words').count(), 0);
    assert.deepEqual(complaints, []);
    await visit.close();

    const doctor = await stage.visit();
    await openChart(doctor.page, stage.url, 'Teodor');
    const addresses: string[] = [doctor.page.url()];
    doctor.page.on('framenavigated', (frame) => addresses.push(frame.url()));
    await doctor.page.locator('.tabs a').nth(1).click();
    await untilSettled(doctor.page);
    await doctor.page.getByRole('button', { name: 'Lock', exact: true }).first().click();
    await doctor.page.getByRole('heading', { name: 'Your health records' }).waitFor();
    await doctor.page.goBack();
    addresses.push(doctor.page.url());
    assert.match(addresses[0] ?? '', /#\/patients\/~\d+$/);
    assert.deepEqual(
      addresses.filter((each) => /0x/.test(each)),
      [],
      'nor in the history',
    );
    await doctor.page.getByRole('heading', { name: 'Your health records' }).waitFor();
    assert.deepEqual(doctor.complaints, []);
    await doctor.close();
  });

  it('are not kept half where the browser has no space, and the page says so', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await page.goto(url);
    await page.getByRole('button', { name: 'Make a new key' }).click();
    await page.evaluate(() => {
      // A browser's database tells so at the end of its transaction; here it does before.
      const stores = IDBObjectStore.prototype;
      stores.put = new Proxy(Reflect.get(stores, 'put'), {
        apply(put, store, given: [unknown, IDBValidKey]) {
          if (given[1] === 'keys') throw new DOMException('full', 'QuotaExceededError');
          return Reflect.apply(put, store, given) as unknown;
        },
      });
    });
    await fillInKey(page, 'Eve');
    await page.getByText('This browser has no space left').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Make a new key' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Eve' }).count(), 0);
    await visit.close();
  });
});
