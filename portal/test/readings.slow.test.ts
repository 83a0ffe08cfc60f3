import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { decodeQR } from 'qr/decode.js';
import { addReadings, checkInbox, knownRights } from '../../src/client/index.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import { exactJson } from '../../src/fhir/exactJson.ts';
import { bundleOfReadings } from '../../src/fhir/sensors/bundleOfReadings.ts';
import { ZERO32 } from '../../src/protocol/ids.ts';
import { formatDeviceCode } from '../../src/protocol/sensors/deviceCode.ts';
import { isDeviceRight } from '../../src/protocol/sensors/isDeviceRight.ts';
import { fingerprintOf } from '../../src/protocol/network/fingerprintOf.ts';
import { parseDevicePin } from '../../src/protocol/sensors/parseDevicePin.ts';
import { readingsRoot } from '../../src/protocol/sensors/readingsRoot.ts';
import { shortCodeOf } from '../../src/protocol/sensors/shortCodeOf.ts';
import { failsWith } from '../../src/protocol/test/failsWith.ts';
import { signatory } from '../../src/protocol/test/sampleNetwork.ts';
import { signedReadings } from '../../src/protocol/test/sampleReadings.ts';
import evidence from '../src/words/en/evidence.json' with { type: 'json' };
import readings from '../src/words/en/readings.json' with { type: 'json' };
import share from '../src/words/en/share.json' with { type: 'json' };
import { openDemoVisitor, type DemoVisitor } from './demoVisitor.ts';
import type { Visit } from './openVisit.ts';
import { requireGood } from './requireGood.ts';
import { setStage } from './setStage.ts';
import { enterAs, openScreen, untilSettled } from './walkthrough.ts';

const PATIENT = 'Ana Ferreira';
const GATEWAY = 'Dr. Lena Brandt';
const sensor = signatory('wrist band of Ana');
const NAME = 'Grandma’s cuff';
const DEVICE = { address: sensor.address, model: 'Pulse band', serial: 'PB-0042' } as const;

describe('a patient’s device in the portal', { skip: browserMissing }, () => {
  const stage = setStage();
  let visit: Visit;
  let page: Page;
  let main: Locator;
  let doctor: DemoVisitor;

  before(async () => {
    visit = await stage.visit({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    ({ page } = visit);
    main = page.locator('main');
    doctor = await openDemoVisitor(stage.url, 'doctor');
    await enterAs(page, stage.url, 'hospital', PATIENT);
  });
  after(async () => await visit.close());

  /** Has the doctor’s gateway bring a batch: a pulse each second, and an ECG that begins with it. */
  async function send(first: number): Promise<void> {
    await checkInbox(doctor.party);
    const rights = await knownRights(doctor.party);
    const bound = rights.find(({ grant }) => isDeviceRight(grant.terms));
    assert.ok(bound);
    const from = (bound.grant.terms.from + first) * 1000;
    const data = Array.from({ length: 500 }, (_, at) => Math.round(200 * Math.sin(at / 8)));
    const lines = [0, 1, 2, 3].map(
      (second) =>
        `{"at":${from + second * 1000},"code":149530,"value":${50 + ((first + second) % 5)}}`,
    );
    lines.push(JSON.stringify({ at: from, code: 131330, data, factor: 0.005, period: 8 }));
    const header = {
      grant: bound.digest,
      boot: 1,
      first,
      count: lines.length,
      clock: 'set',
      start: from,
      end: from + 4000,
      previous: ZERO32,
      root: readingsRoot(doctor.party.primitives, lines),
      file: ZERO32,
    } as const;
    const message = signedReadings(header, sensor);
    const head = JSON.stringify({ format: 'medseal-readings/1', ...message });
    const bytes = utf8ToBytes([head, ...lines, ''].join('\n'));
    const { handle } = bound.grant;
    const bundle = bundleOfReadings(doctor.party.primitives, bytes, {
      handle,
      device: DEVICE,
      takenAt: Date.now(),
    });
    const content = utf8ToBytes(exactJson(bundle));
    await addReadings(doctor.party, { grant: bound.grant, message, content });
  }

  it('is bound by its code, after its letters were compared', async () => {
    await openScreen(page, 'Readings');
    await main.getByText('No device has sent readings yet.').waitFor();
    await main.getByRole('link', { name: 'Devices' }).click();
    await untilSettled(page);
    await requireGood(page, 'Devices');
    const code = main.getByLabel('Code of the device');
    await code.fill(formatDeviceCode(DEVICE).slice(0, 40));
    await main.getByRole('button', { name: 'Sign and add the device' }).click();
    await main.getByText('This is not the code of a device').waitFor();
    await code.fill(formatDeviceCode(DEVICE));
    const short = shortCodeOf(doctor.party.primitives, DEVICE.address);
    await main.getByText(short).waitFor();
    await main.getByLabel('Brings its readings').selectOption({ label: GATEWAY });
    await main.getByRole('button', { name: 'Sign and add the device' }).click();
    await main.getByText(`The device ${short} is added.`).waitFor();
    await main.getByText('It has sent nothing yet.').waitFor();
    await main.getByText('PB-0042').waitFor();
  });

  it('is offered what it needs to seal its readings itself: once it is bound, and later in the list, as a file and the same as a code', async () => {
    const { network } = doctor.party;
    await checkInbox(doctor.party);
    const rights = await knownRights(doctor.party);
    const bound = rights.find(({ grant }) => isDeviceRight(grant.terms));
    const places = [main.locator('.notice.good'), main.locator('.cards .card')];
    for (const place of places) {
      await place.getByText('If the device seals its readings itself').click();
      await place.getByText('Give this file to the device yourself').waitFor();
      const saving = page.waitForEvent('download');
      await place.getByRole('button', { name: 'Save the file' }).click();
      const saved = await saving;
      assert.equal(saved.suggestedFilename(), 'medseal-pin.json');
      const text = await readFile(await saved.path(), 'utf8');
      const pin = parseDevicePin(text);
      assert.equal(pin.network, fingerprintOf(doctor.party.primitives, network));
      assert.equal(pin.handle, bound?.grant.handle);
      const code = place.getByRole('img', { name: 'The same as the file' });
      assert.equal(await readQrCode(code), text.trim());
      await place.getByText('The code as text').click();
      assert.equal(
        await place.getByRole('textbox', { name: 'The same as the file' }).inputValue(),
        text.trim(),
      );
      const { width = 0 } = (await code.boundingBox()) ?? {};
      assert.ok(width >= 240, `the code is ${width} pixels wide`);
      await requireGood(page, 'Devices');
    }
  });

  it('shows its curves with their gap as a gap, and the same as tables', async () => {
    await send(0);
    await send(5);
    await send(20);
    await openScreen(page, 'Readings');
    const pulse = main.getByRole('figure', { name: 'Pulse' });
    await pulse.getByText('Readings are missing in one place.').waitFor();
    assert.equal(await pulse.locator('path.line').count(), 2, 'two pieces that are not joined');
    assert.equal(await pulse.locator('.gap rect').count(), 1);
    assert.match(
      (await pulse.getByRole('img').getAttribute('aria-label')) ?? '',
      /between 50 beats\/minute and 53 beats\/minute\. One gap\. Shaded: usual in healthy adults at rest, 60 beats\/minute to 100 beats\/minute\./,
    );
    // The scale is that of a pulse, and not of these few values.
    const marks = await pulse.locator('svg text[text-anchor="end"]').allTextContents();
    assert.deepEqual(marks.slice(0, 3), ['50', '100', '150']);
    assert.equal(await pulse.locator('rect.range').count(), 1);
    await pulse.getByText('12 values as a table').click();
    assert.equal(await pulse.getByRole('row').count(), 1 + 12 + 1);
    await pulse.getByRole('row', { name: /No readings/ }).waitFor();
    const ecg = main.getByRole('figure', { name: 'ECG, lead II' });
    assert.ok((await ecg.locator('path.line').count()) >= 2);
    const { height = 0 } = (await pulse.getByText('below the usual').boundingBox()) ?? {};
    assert.ok(height > 10 && height < 40, `a word beside the value, ${height} pixels high`);
    await requireGood(page, 'Readings');
  });

  it('moves its curves by itself while it may measure, until somebody stops that', async () => {
    await main.getByText('New readings are looked for').waitFor();
    await send(25);
    const pulse = main.getByRole('figure', { name: 'Pulse' });
    await pulse.getByText('16 values as a table').waitFor();
    await main.getByRole('button', { name: 'Stop following' }).click();
    await main.getByRole('button', { name: 'Follow' }).waitFor();
    assert.equal(await main.getByText('New readings are looked for').count(), 0);
  });

  it('takes a name of the patient’s own, which stands wherever the device does, also on another device, until it is taken back', async () => {
    const short = shortCodeOf(doctor.party.primitives, DEVICE.address);
    await main.getByRole('link', { name: 'Devices' }).click();
    await main.getByText(readings.name).click();
    const name = main.getByLabel(readings['own-name']);
    const save = main.getByRole('button', { name: readings['name-save'] });
    for (const wrong of ['', 'x'.repeat(61), 'two\u202Ewords']) {
      await name.fill(wrong);
      await save.click();
      await main.getByText('Type 1 to 60 visible characters.').waitFor();
    }
    await requireGood(page, 'Devices');
    await name.fill(` ${NAME} `);
    await save.click();
    await main.locator('strong', { hasText: `${NAME} ${short}` }).waitFor();
    await main.getByText(DEVICE.model, { exact: true }).waitFor();
    await openScreen(page, share.menu);
    const right = main.locator('li.card', { hasText: `readings of the device “${NAME}”` });
    await right.getByText(`Readings brought by ${GATEWAY}`).waitFor();
    assert.equal(await right.locator('strong').first().innerText(), NAME);
    await right.getByRole('button', { name: `Stop sharing with ${NAME}` }).waitFor();
    await openScreen(page, evidence.menu);
    await main.getByRole('heading', { name: NAME }).waitFor();
    const other = await stage.visit();
    await enterAs(other.page, stage.url, 'hospital', PATIENT);
    await openScreen(other.page, readings.menu);
    await other.page.getByRole('heading', { name: `${NAME} · ${short}` }).waitFor();
    assert.deepEqual(other.complaints, []);
    await other.close();
    await openScreen(page, readings.menu);
    await main.getByRole('heading', { name: `${NAME} · ${short}` }).waitFor();
    await main.getByRole('link', { name: 'Devices' }).click();
    await main.getByText(readings.name).click();
    await main.getByRole('button', { name: readings['name-drop'] }).click();
    await main.locator('strong', { hasText: `${DEVICE.model} ${short}` }).waitFor();
  });

  it('is told of with its gap, and ended in one step', async () => {
    await main.getByText(/4 batches of readings, .*One gap\./).waitFor();
    await main.getByRole('button', { name: /^End Pulse band/ }).click();
    await page.getByRole('button', { name: 'End it now' }).click();
    await main.getByText(/^Pulse band .* has ended\.$/).waitFor();
    await main.getByText('You have no devices.').waitFor();
    await assert.rejects(send(30), failsWith('RIGHT_ENDED'));
    assert.deepEqual(visit.complaints, []);
  });
});

/** Reads a QR code that the page draws, dot by dot. */
async function readQrCode(code: Locator): Promise<string> {
  const size = Number((await code.getAttribute('viewBox'))?.split(' ')[2]);
  const path = (await code.locator('path').getAttribute('d')) ?? '';
  const scale = 4;
  const width = size * scale;
  const data = new Uint8Array(4 * width * width).fill(255);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h/g)) {
    for (let row = 0; row < scale; row++) {
      const from = 4 * ((Number(y) * scale + row) * width + Number(x) * scale);
      data.fill(0, from, from + 4 * scale);
    }
  }
  return decodeQR({ width, height: width, data });
}
