import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import {
  addRecord,
  formatDeviceCode,
  issuePrescription,
  reviewOrder,
  rightFor,
} from '../../src/client/index.ts';
import { browserMissing, openBrowser } from '../../src/client/test/openBrowser.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import { qrRows } from '../src/ui/qrRows.ts';
import medicines from '../src/words/en/medicines.json' with { type: 'json' };
import scan from '../src/words/en/scan.json' with { type: 'json' };
import verify from '../src/words/en/verify.json' with { type: 'json' };
import { openDemoVisitor } from './demoVisitor.ts';
import { filmOf } from './filmOf.ts';
import { openVisit, type Visit } from './openVisit.ts';
import { pictureOf } from './pictureOf.ts';
import { pngOf } from './pngOf.ts';
import { requireGood } from './requireGood.ts';
import { setStage } from './setStage.ts';
import { enterAs, openScreen } from './walkthrough.ts';

const MEDICINE = 'Amoxicillin 500 mg capsules';
/** A prescription in letters that take two bytes. */
const LONG = 'Ампициллин 500 мг';
const OTHER = 'Ibuprofen 400 mg tablets';
const DEVICE = formatDeviceCode({ address: `0x${'22'.repeat(20)}`, model: 'Wrist 2' });
const NARROW = { viewport: { width: 390, height: 844 } } as const;
/** A folder for pictures of the screens; absent if nobody wants them. */
const SHOTS = process.env['SHOTS'];

type Rows = readonly (readonly boolean[])[];

const folder = await mkdtemp(join(tmpdir(), 'medseal-film-'));
const film = join(folder, 'film.y4m');

describe('a code before the camera', { skip: browserMissing }, () => {
  const stage = setStage({ film });
  let prescription: Rows;
  let other: Rows;
  let card: Rows;
  let proof: string;

  before(async () => {
    proof = await prescribe(stage.url);
    const patient = await stage.visit(NARROW);
    await enterAs(patient.page, stage.url, 'hospital', 'Teodor Lindqvist');
    await openScreen(patient.page, 'Prescriptions');
    await prescriptionOf(patient.page, MEDICINE)
      .getByRole('button', { name: medicines.show })
      .click();
    prescription = await codeOn(patient.page);
    await prescriptionOf(patient.page, MEDICINE)
      .getByRole('button', { name: medicines.hide })
      .click();
    const shown = prescriptionOf(patient.page, OTHER);
    await shown.getByRole('button', { name: medicines.show }).click();
    // The patient chose to be named in this one alone.
    await shown.getByLabel(medicines.whom).check();
    await shown.getByLabel(medicines['whom-called'], { exact: true }).fill('Teo Lindqvist');
    await shown.getByLabel('Born').fill('1948-05-17');
    other = await codeOn(patient.page);
    await openScreen(patient.page, 'My key');
    card = await codeOn(patient.page);
    await patient.close();
  });
  after(async () => await rm(folder, { recursive: true }));

  /** Opens a screen as somebody, with something in front of the camera, and asks to scan it. */
  async function scanAs(called: string, screen: string, rows: Rows): Promise<Visit> {
    await writeFile(film, filmOf(rows));
    const visit = await stage.visit(NARROW);
    await watchCameras(visit.page);
    await enterAs(visit.page, stage.url, 'hospital', called);
    await openScreen(visit.page, screen);
    return visit;
  }

  it('is a card for a person who is added, and a device’s code for one that is bound, each checked as if it had been typed', async () => {
    const adding = await scanAs('Dr. Lena Brandt', 'Patients', card);
    await adding.page.locator('summary', { hasText: 'Add a person by their card' }).click();
    await adding.page.getByRole('button', { name: scan.open }).click();
    await adding.page.getByText('Confirmed by the organisations: Patient, hospital.').waitFor();
    await end(adding);
    const binding = await scanAs('Ana Ferreira', 'My health', qrRows(DEVICE, true));
    await binding.page.evaluate(() => (location.hash = '#/devices'));
    await binding.page.getByRole('button', { name: scan.open }).first().click();
    await binding.page.getByText('CJUA-UYUA-ZUTS').waitFor();
    await end(binding);
  });

  // @class a patient’s prescription stands before the pharmacist while the next one's was scanned | stays the one that was read last
  it('stays the one that is shown if the prescription before it is dispensed only then', async () => {
    const visit = await scanAs('Noor Willems', 'Prescriptions', prescription);
    const { page } = visit;
    const sentWith: string[] = [];
    page.on('request', (request) => sentWith.push(request.postData() ?? ''));
    const shown = page.locator('main section .cards strong');
    await page.getByRole('button', { name: scan.open }).click();
    await page.getByText(medicines['whom-none']).waitFor();
    await page.getByLabel(medicines.amount).fill('5');
    const [sending, asking] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let isSent = false;
    let isTold = false;
    await page.route('**/v1/submissions', async (route) => {
      await sending.promise;
      await route.continue();
    });
    // A letter before that is one of the device to its other devices.
    await page.route('**/v1/letters', async (route) => {
      isTold = isSent;
      await route.continue();
    });
    await page.route('**/v1/facts', async (route) => {
      if (isTold) await asking.promise;
      await route.continue();
    });
    const sent = page.waitForRequest('**/v1/submissions');
    await page.getByRole('button', { name: 'Dispense 5 capsules' }).click();
    await sent;
    // Nothing takes the place of a prescription while it is signed.
    await page.getByRole('button', { name: scan.open }).waitFor({ state: 'detached' });
    await writeFile(film, filmOf(other));
    isSent = true;
    sending.resolve();
    // The former one was dispensed, and its new state is asked for.
    await page.getByText(medicines.asking).waitFor();
    await page.getByRole('button', { name: scan.open }).click();
    await shown.waitFor({ state: 'detached' });
    asking.resolve();
    await page.getByText('At most 21 tablets now').waitFor();
    await page.getByText(medicines.asking).waitFor({ state: 'detached' });
    assert.deepEqual(await shown.allInnerTexts(), [OTHER]);
    await page.getByText('For Teo Lindqvist, born 17 May 1948').waitFor();
    await page.getByText(/No\. [\dA-F]{4} [\dA-F]{4}/).waitFor();
    // Whom a code is of is in the code alone.
    assert.ok(sentWith.length > 0);
    assert.ok(sentWith.every((each) => !/Teo Lindqvist|1948-05-17/.test(each)));
    assert.deepEqual(await camerasOf(page), ['ended', 'ended']);
    assert.deepEqual(visit.complaints, []);
    await visit.close();
  });

  it('is drawn of a prescription with many words too, and a pharmacy scans it', async () => {
    const visit = await stage.visit(NARROW);
    await enterAs(visit.page, stage.url, 'hospital', 'Teodor Lindqvist');
    await openScreen(visit.page, 'Prescriptions');
    await prescriptionOf(visit.page, LONG).getByRole('button', { name: medicines.show }).click();
    const code = await codeOn(visit.page);
    await requireGood(visit.page, 'the code of many words');
    assert.deepEqual(visit.complaints, []);
    await visit.close();
    const scanning = await scanAs('Noor Willems', 'Prescriptions', code);
    await scanning.page.getByRole('button', { name: scan.open }).click();
    await scanning.page.locator('main').getByText(LONG).first().waitFor();
    await end(scanning);
  });

  it('is refused as a pasted text is, if it only looks like a prescription', async () => {
    const forged = qrRows(JSON.stringify({ format: 'medseal-slip/1', key: '0x12' }), true);
    const visit = await scanAs('Noor Willems', 'Prescriptions', forged);
    await visit.page.getByRole('button', { name: scan.open }).click();
    await visit.page.getByRole('alert').getByText('SLIP_INVALID').waitFor({ state: 'attached' });
    await end(visit);
  });

  it('is said to be another one, and the camera looks on until the person closes it', async () => {
    const visit = await scanAs('Noor Willems', 'Prescriptions', card);
    const { page } = visit;
    await page.getByRole('button', { name: scan.open }).click();
    await page.getByText(scan['is-card']).waitFor();
    await requireGood(page, 'another code');
    if (SHOTS !== undefined) await shoot(page, 'another');
    assert.deepEqual(await camerasOf(page), ['live']);
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await end(visit);
  });

  // @class a picture of the camera leaves the page | asks for nothing but the portal's own code while it looks
  it('is looked for in this page alone, with advice, and no longer once the page is hidden, until the person turns the camera on', async () => {
    const visit = await scanAs('Noor Willems', 'Prescriptions', []);
    const { page } = visit;
    const sent: string[] = [];
    page.on('request', (request) => sent.push(`${request.method()} ${request.url()}`));
    await page.getByRole('button', { name: scan.open }).click();
    await page.getByText(scan.looking).waitFor();
    await page.getByText(scan.slow).waitFor();
    // The page fetches code of further screens ahead too, at a time of its own.
    const code = new Set(await readdir(join(import.meta.dirname, '../dist/assets')));
    const isCode = (each: string): boolean =>
      /^GET blob:\S+$/.test(each) ||
      code.has(/^GET \S+\/assets\/([^/]+\.js)$/.exec(each)?.[1] ?? '');
    assert.deepEqual(
      sent.filter((each) => !isCode(each)),
      [],
    );
    await requireGood(page, 'nothing found');
    if (SHOTS !== undefined) await shoot(page, 'nothing');
    await hide(page, true);
    await page.getByText(scan.hidden).waitFor();
    assert.deepEqual(await camerasOf(page), ['ended']);
    await requireGood(page, 'hidden');
    await hide(page, false);
    await writeFile(film, filmOf(prescription));
    await page.getByRole('button', { name: scan.again }).click();
    await page.getByText(/^At most \d+ capsules now/).waitFor();
    assert.deepEqual(await camerasOf(page), ['ended', 'ended']);
    assert.deepEqual(visit.complaints, []);
    await visit.close();
  });

  // @class a camera that films on after its person left | goes off at the lock, by this tab or another one
  it('is no longer filmed once the page locks', async () => {
    const visit = await scanAs('Noor Willems', 'Prescriptions', []);
    const { page } = visit;
    await page.getByRole('button', { name: scan.open }).click();
    await page.getByText(scan.looking).waitFor();
    assert.deepEqual(await camerasOf(page), ['live']);
    await page.evaluate(() => {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of one origin
      new BroadcastChannel('medseal').postMessage('lock');
    });
    await page.getByRole('button', { name: 'Noor Willems' }).waitFor();
    assert.equal(await page.locator('dialog').count(), 0);
    await end(visit);
  });

  it('is a proof that anybody can check, out of a picture too; a file without a code, of another kind or too large is named so', async () => {
    await writeFile(film, filmOf([]));
    const visit = await stage.visit(NARROW);
    const { page } = visit;
    await page.goto(`${stage.url}/hospital/portal/#/verify`);
    await page.getByRole('button', { name: scan.open }).click();
    const field = page.getByLabel(scan.picture);
    const choose = async (name: string, mimeType: string, buffer: Buffer): Promise<void> =>
      await field.setInputFiles({ name, mimeType, buffer });
    await choose('wall.png', 'image/png', wall(40));
    await page.getByText(scan['picture-none']).waitFor();
    for (const [name, type, content] of [
      ['huge.png', 'image/png', wall(8_000)],
      ['cut.png', 'image/png', wall(40).subarray(0, 30)],
      ['drawn.svg', 'image/svg+xml', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ] as const) {
      await choose('wall.png', 'image/png', wall(40));
      await page.getByText(scan['picture-none']).waitFor();
      await choose(name, type, content);
      await page.getByText(scan['picture-unfit']).waitFor();
    }
    await choose('card.png', 'image/png', pictureOf(card));
    await page.getByText(scan['is-card']).waitFor();
    await choose('signed.png', 'image/png', pictureOf(qrRows(proof, true)));
    await page.getByRole('heading', { name: verify.scanned }).waitFor();
    await page.getByText(`${verify.safe} · `).waitFor();
    await page.getByRole('button', { name: scan.open }).click();
    await choose('altered.png', 'image/png', pictureOf(qrRows(alteredOf(proof), true)));
    await page.getByText(verify['unsafe-advice']).waitFor();
    assert.deepEqual(visit.complaints, []);
    await visit.close();
  });

  it('is replaced by a picture if the browser has no camera, or the person forbids it, and the page says which', async () => {
    for (const [choice, says] of [
      [{ viewers: true, film }, scan.refused],
      [{ viewers: true }, scan['no-camera']],
    ] as const) {
      const browser = await openBrowser(choice);
      try {
        const visit = await openVisit(browser, NARROW);
        const { page } = visit;
        await watchCameras(page);
        await enterAs(page, stage.url, 'hospital', 'Noor Willems');
        await openScreen(page, 'Prescriptions');
        await page.getByRole('button', { name: scan.open }).click();
        await page.getByText(says).waitFor();
        await requireGood(page, says);
        if (SHOTS !== undefined) await shoot(page, `off-${says.length}`);
        assert.deepEqual(await camerasOf(page), []);
        // Whoever has no camera has a picture.
        await page.getByLabel(scan.picture).setInputFiles({
          name: 'code.png',
          mimeType: 'image/png',
          buffer: pictureOf(prescription),
        });
        await page.getByText(/^At most \d+ capsules now/).waitFor();
        assert.deepEqual(visit.complaints, []);
      } finally {
        await browser.close();
      }
    }
  });
});

/** Ends a visit, in which the one camera that was turned on is off. */
async function end(visit: Visit): Promise<void> {
  assert.deepEqual(await camerasOf(visit.page), ['ended']);
  assert.deepEqual(visit.complaints, []);
  await visit.close();
}

/** Has a doctor write to a patient's chart and prescribe, at last with a text that no code holds; returns what the node acknowledged. */
async function prescribe(url: string): Promise<string> {
  const [{ party }, { handle }] = [
    await openDemoVisitor(url, 'doctor'),
    await openDemoVisitor(url, 'patient-2'),
  ];
  assert.ok(handle !== undefined);
  const category = 'medications';
  const found = await rightFor(party, { handle, action: 'add', category });
  assert.ok(found !== undefined);
  const from = seconds(party.clock);
  const right = { handle, grant: found.grant, purpose: found.grant.terms.purpose };
  const amounts = { amount: 21, fills: 1, interval: 0, from, until: from + 30 * 86_400 };
  for (const order of [
    { medicine: MEDICINE, unit: 'capsules', dosage: 'One capsule three times a day' },
    { medicine: OTHER, unit: 'tablets', dosage: 'One tablet in the evening' },
    { medicine: LONG, unit: 'капсула', dosage: 'ж'.repeat(900) },
  ]) {
    const review = await reviewOrder(party, { ...right, ...order, ...amounts });
    await issuePrescription(party, review, 'The patient has taken it before.');
  }
  const content = new TextEncoder().encode('Cough since Monday.');
  const { acknowledgement } = await addRecord(party, { ...right, category, content });
  return JSON.stringify(acknowledgement);
}

/** A prescription on the patient's list. */
function prescriptionOf(page: Page, medicine: string): Locator {
  return page.locator('.cards li', { hasText: medicine });
}

/** A proof with another time. */
function alteredOf(proof: string): string {
  const other = proof.replace(/(?<="at":)\d+/, (at) => String(Number(at) - 1));
  assert.notEqual(other, proof);
  return other;
}

/** The dots of the code that a page shows. */
async function codeOn(page: Page): Promise<Rows> {
  const code = page.locator('svg.qr').first();
  const [path, box] = [
    await code.locator('path').getAttribute('d'),
    await code.getAttribute('viewBox'),
  ];
  const side = Number(box?.split(' ').at(-1));
  const dark = new Set(
    [...(path ?? '').matchAll(/M(\d+) (\d+)h1/g)].map(([, x, y]) => `${x} ${y}`),
  );
  const places = Array.from({ length: side }, (_, at) => at);
  return places.map((y) => places.map((x) => dark.has(`${x} ${y}`)));
}

/** Remembers the cameras that a page turns on. */
async function watchCameras(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const { mediaDevices } = navigator;
    const ask = mediaDevices.getUserMedia.bind(mediaDevices);
    const cameras: MediaStreamTrack[] = [];
    Object.assign(globalThis, { cameras });
    mediaDevices.getUserMedia = async (wanted) => {
      const stream = await ask(wanted);
      cameras.push(...stream.getTracks());
      return stream;
    };
  });
}

/** State of each camera that a page has turned on. */
async function camerasOf(page: Page): Promise<readonly string[]> {
  return await page.evaluate(() => {
    const { cameras } = globalThis as unknown as { readonly cameras: MediaStreamTrack[] };
    return cameras.map(({ readyState }) => readyState);
  });
}

/** Hides a page as a tab is that is not in front, or shows it again. */
async function hide(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    const value = hidden ? 'hidden' : 'visible';
    Object.defineProperty(document, 'visibilityState', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
}

async function shoot(page: Page, name: string): Promise<void> {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 844 });
    await page.screenshot({ path: join(SHOTS ?? '', `scan-${name}-${width}.png`) });
  }
}

/** A picture of a wall. */
function wall(side: number): Buffer {
  return pngOf(side, side, () => 128);
}
