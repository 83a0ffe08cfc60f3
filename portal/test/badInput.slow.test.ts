import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page, Route } from 'playwright-core';
import { formatContactCard, parseContactCard } from '../../src/client/index.ts';
import type { NetworkFile } from '../../src/protocol/network/NetworkFile.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { setStage } from './setStage.ts';
import { reachSight } from './sights.ts';
import { enterAs, openScreen, RECORDS, untilSettled } from './walkthrough.ts';

const PHONE = { viewport: { width: 390, height: 844 } };
const NOBODY = `0x${'ab'.repeat(32)}` as const;
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const MARKUP = Buffer.from(`<html><script>document.title = 'owned'</script></html>`);

/** Goes to a link that somebody sent, and waits until the page has said all of it. */
async function follow(page: Page, path: string): Promise<string> {
  await reachSight(page, { name: path, path });
  return await page.locator('main').innerText();
}

async function addFile(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page
    .getByLabel('Photo, PDF or another file')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  await page.getByRole('button', { name: 'Seal and add' }).click();
}

describe('what is wrong, forged, or comes at the wrong time', { skip: browserMissing }, () => {
  const stage = setStage();

  it('refuses a node of another network than the one that this browser knows, and pins nothing that is not a network file', async () => {
    const visit = await stage.visit(PHONE);
    const { page } = visit;
    const asked = '**/v1/network';
    const again = async (): Promise<void> => {
      await page.unroute(asked);
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('button', { name: 'Make a new key' }).waitFor();
    };
    for (const answer of [{ json: { hello: 1 } }, { contentType: 'text/html', body: '<h1>Hi' }]) {
      await page.route(asked, async (route) => await route.fulfill(answer));
      await page.goto(`${stage.url}/hospital/portal/`);
      await page.getByText('Something else than the node answers.').first().waitFor();
      // The browser has pinned nothing yet, or what the node gave.
      await again();
    }
    const answered = await fetch(`${stage.url}/hospital/v1/network`);
    const network = (await answered.json()) as NetworkFile;
    const [first, second] = network.channels[0]?.logs ?? [];
    const channels = JSON.parse(
      JSON.stringify(network.channels).replace(first?.key ?? '', second?.key ?? ''),
    ) as NetworkFile['channels'];
    for (const other of [{ networkId: NOBODY }, { channels }]) {
      await page.route(asked, async (route) => {
        await route.fulfill({ json: { ...network, ...other } });
      });
      await page.reload();
      await page.getByText('This node belongs to another network').first().waitFor();
      await page.getByText('Do not go on; ask your organisation.').first().waitFor();
      const ways = await page.locator('main button').allInnerTexts();
      assert.deepEqual(ways, ['Try again'], Object.keys(other).join());
      await again();
    }
    await visit.close();
  });

  it('says in the person’s language what is wrong with a link, and goes nowhere with one that is not for them', async () => {
    const visit = await stage.visit({ ...PHONE, locale: 'de-DE' });
    const { page } = visit;
    await page.goto(`${stage.url}/hospital/portal/`);
    await page.getByRole('button', { name: 'Ana Ferreira' }).click();
    await page.locator('nav a[href="#/more"]').waitFor();
    for (const path of [
      `/records/${NOBODY}`,
      '/records/%E0%A4%A',
      '/explorer/log/care/nobody',
      '/explorer/log/care/hospital/99999',
      '/explorer/block/9999999',
      `/explorer/tx/${NOBODY}`,
    ]) {
      assert.match(await follow(page, path), /Das wurde nicht gefunden\./, path);
    }
    for (const path of ['/explorer/log/care/hospital/x', '/explorer/block/-1', '/explorer/tx/zz']) {
      assert.match(await follow(page, path), /Suchen Sie nach einem Tippfehler\./, path);
    }
    for (const path of ['/explorer/find/zz', '/explorer/find/0x', `/explorer/find/${NOBODY}`]) {
      assert.match(await follow(page, path), /Nichts im Hauptbuch nennt es\./, path);
    }
    for (const path of [`/patients/${NOBODY}`, '/inbox/x', '/mistakes/x', '/<img src=x>', '/..']) {
      assert.match(await follow(page, path), /Guten Tag, Ana Ferreira/, path);
      assert.match(page.url(), /#\/home$/);
    }
    assert.match(await follow(page, '/me/keys/nonsense'), /Ihr Schlüssel/);
    await visit.close();
  });

  it('takes no card that is shortened, of another network, forged or of nobody, and says which', async () => {
    const visit = await stage.visit(PHONE);
    const { page, complaints } = visit;
    await enterAs(page, stage.url, 'hospital', 'Dr. Lena Brandt');
    await openScreen(page, 'My key');
    const card = await page.getByLabel('Text of your card').inputValue();
    assert.match(await follow(page, `/patients/${NOBODY}`), /You have no right to this\./);
    assert.match(await follow(page, '/patients/nonsense/glance'), /You have no right to this\./);
    assert.match(await follow(page, `/ask/${NOBODY}`), /Whom do you ask\?/);
    await page.getByRole('button', { name: 'Lock' }).first().click();

    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await follow(page, '/share');
    const form = page.locator('details.aside');
    await form.locator('summary').click();
    await page.getByLabel('Name of the person').fill('Lena');
    const good = parseContactCard(card);
    const no = 'This is not a card of this network, or letters are missing.';
    const differs = 'The key differs from what the organisations confirm.';
    const nobody = 'The organisations know nobody with this card.';
    // No answer is that of the card before, which is still there when the next one is sent.
    for (const [text, said] of [
      [card.slice(0, -3), no],
      [formatContactCard({ ...good, party: `0x${'ab'.repeat(20)}` }), nobody],
      [formatContactCard({ ...good, network: '0x1111111111111111' }), no],
      [formatContactCard({ ...good, recipient: NOBODY }), differs],
      [JSON.stringify({ ...good, party: 3 }), no],
      [formatContactCard({ ...good, handle: NOBODY }), differs],
      [`https://evil.example/#${card}`, no],
      [formatContactCard({ ...good, party: `0x${'cd'.repeat(20)}` }), nobody],
      ['medseal1'.padEnd(100_000, 'q'), no],
    ] as const) {
      await page.getByLabel('Card', { exact: true }).fill(text);
      await page.getByRole('button', { name: 'Add this person' }).click();
      // A press after the comparison asks again, so the words are gone once more before they stay.
      await page.waitForFunction((expected) => {
        const faults = document.querySelectorAll<HTMLElement>(
          'details.aside .error, details.aside .notice.bad strong',
        );
        const isSettled = document.querySelector('.wait') === null;
        return isSettled && faults.length === 1 && faults[0]?.innerText.includes(expected);
      }, said);
    }
    // In capitals, with space around it, as somebody reads it out.
    await page.getByLabel('Card', { exact: true }).fill(`  ${card.toUpperCase()}\n`);
    await form.getByText('Confirmed by the organisations: Doctor, hospital.').waitFor();
    assert.equal(await form.locator('.error, .notice.bad').count(), 0);
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('works where the browser keeps nothing, as in a private window, and says so', async () => {
    const visit = await stage.visit(PHONE);
    const { page, complaints } = visit;
    await page.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      };
    });
    await page.goto(`${stage.url}/hospital/portal/`);
    await page.getByText('This browser does not let the page keep anything').waitFor();
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await follow(page, '/add');
    await page.getByLabel('What is it?').fill('In private');
    await addFile(page, 'scan.bin', Buffer.alloc(2_000_000, 7));
    await page.getByText('“In private” is among your records.').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Make a new key' }).waitFor();
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('adds nothing half where the space of the browser ends meanwhile, and adds it once there is space', async () => {
    const visit = await stage.visit(PHONE);
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await follow(page, '/add');
    await page.evaluate(() => {
      const stores = IDBObjectStore.prototype;
      stores.put = new Proxy(Reflect.get(stores, 'put'), {
        apply(put, store, given: [unknown, IDBValidKey]) {
          if ('full' in globalThis) throw new DOMException('full', 'QuotaExceededError');
          return Reflect.apply(put, store, given) as unknown;
        },
      });
      Object.assign(globalThis, { full: true });
    });
    await page.getByLabel('What is it?').fill('When it was full');
    await addFile(page, 'scan.bin', Buffer.alloc(1000, 8));
    await page.getByText('This browser has no space left').first().waitFor();
    await page.evaluate(() => Reflect.deleteProperty(globalThis, 'full'));
    await page.getByRole('button', { name: 'Seal and add' }).click();
    await page.getByText('“When it was full” is among your records.').waitFor();
    await page.getByRole('link', { name: 'Go to your records' }).click();
    await page.locator(RECORDS, { hasText: 'When it was full' }).waitFor();
    assert.equal(await page.locator(RECORDS, { hasText: 'When it was full' }).count(), 1);
    await visit.close();
  });

  it('shows no file as what its name says if its bytes are something else, and runs nothing of it', async () => {
    const visit = await stage.visit(PHONE);
    const { page, complaints } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    for (const [name, bytes, shown, isOther] of [
      ['letter.pdf', MARKUP, 'letter.pdf', true],
      ['photo.png', PIXEL.subarray(0, 20), 'photo.png', true],
      ['\u202enosj.\u2066مرحبا日本.json', PIXEL, '\\u{202e}nosj.\\u{2066}مرحبا日本.json', false],
    ] as const) {
      await follow(page, '/add');
      await addFile(page, name, bytes);
      await page.getByText(`“${shown}” is among your records.`).waitFor();
      await page.getByRole('link', { name: 'Go to your records' }).click();
      await page.locator(RECORDS, { hasText: shown }).first().click();
      await page.getByRole('button', { name: 'Save the file' }).waitFor();
      const other = page.getByText('This file is not what its name says, so it is not shown.');
      if (isOther) await other.waitFor();
      else await page.waitForFunction(() => document.querySelector('img')?.naturalWidth === 1);
      assert.equal(await other.count(), isOther ? 1 : 0, name);
      assert.equal(await page.locator('main img, main iframe').count(), isOther ? 0 : 1, name);
      assert.equal(await page.title(), 'Records – Medseal');
    }
    await follow(page, '/add');
    await addFile(page, 'empty.png', Buffer.alloc(0));
    await page.getByText('There is nothing to add.').waitFor();
    await addFile(page, 'half.json', Buffer.from('{"resourceType": "Patient", '));
    await page.getByText('is not valid. Nothing was added').waitFor();
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('gives one right and adds a file once if the person goes back in the middle and does it again', async () => {
    const visit = await stage.visit(PHONE);
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await follow(page, '/rights');
    const rights = page.locator('.cards li', { hasText: 'Marek Novak' });
    await rights.first().waitFor();
    const before = await rights.count();
    /** Holds the next call of a kind until the person has gone back. */
    const goBackDuring = async (
      calls: string,
      begin: () => Promise<void>,
      places = 1,
    ): Promise<void> => {
      const gone = Promise.withResolvers<undefined>();
      const hold = async (route: Route): Promise<void> => {
        await gone.promise;
        await route.continue();
      };
      await page.route(calls, hold, { times: 1 });
      const asked = page.waitForRequest(calls);
      await begin();
      await asked;
      const from = page.url();
      await page.evaluate((count) => history.go(-count), places);
      await page.waitForURL((url) => url.href !== from);
      gone.resolve(undefined);
      await untilSettled(page);
    };
    const share = async (): Promise<void> => {
      await follow(page, '/share');
      await page.getByRole('button', { name: 'Marek Novak' }).click();
      await page.getByRole('button', { name: 'Everything but sensitive' }).click();
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByRole('button', { name: 'Sign and share' }).click();
    };
    // Each step of sharing is a place of its own.
    await goBackDuring('**/v1/submissions', share, 3);
    assert.match(page.url(), /#\/rights$/);
    await share();
    await page.getByRole('heading', { name: 'You share with Marek Novak' }).waitFor();
    await follow(page, '/rights');
    await rights.nth(before).waitFor();
    assert.equal(await rights.count(), before + 1);

    await follow(page, '/records');
    const add = async (): Promise<void> => {
      await follow(page, '/add');
      await page.getByLabel('What is it?').fill('Once');
      await addFile(page, 'scan.bin', Buffer.alloc(100_000, 9));
    };
    for (const calls of ['**/v1/files/*', '**/v1/submissions']) {
      await goBackDuring(calls, add);
      assert.match(page.url(), /#\/records$/);
    }
    await add();
    await page.getByText('“Once” is among your records.').waitFor();
    await follow(page, '/records');
    const added = page.locator(RECORDS, { hasText: 'Once' });
    await added.first().waitFor();
    assert.equal(await added.count(), 1);
    await visit.close();
  });
});
