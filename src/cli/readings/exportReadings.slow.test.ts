import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { addReadings } from '../../client/devices/addReadings.ts';
import { bindDevice } from '../../client/devices/bindDevice.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { openKeystoreParty, type KeystorePartyOptions } from '../../device/openKeystoreParty.ts';
import { exactJson } from '../../fhir/exactJson.ts';
import { bundleOfReadings } from '../../fhir/sensors/bundleOfReadings.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { parseReadingsMessage } from '../../protocol/sensors/parseReadingsMessage.ts';
import { startSensorGateway } from '../../sensors/startSensorGateway.ts';
import { SimulatedSensor } from '../../sensors/simulate/SimulatedSensor.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { refused } from '../test/refused.ts';
import { startPeople, type People, type Person } from '../test/startPeople.ts';
import type { READINGS_EXPORTED, READINGS_LISTED } from './readingsAnswers.ts';

type Listed = AnswerOf<typeof READINGS_LISTED>['value'];
type Exported = AnswerOf<typeof READINGS_EXPORTED>['value'];

let people: People;
let patient: Person;
let start: number;
let at: Omit<KeystorePartyOptions, 'name'>;

before(async () => {
  people = await startPeople();
  patient = people.demo('patient');
  at = {
    network: JSON.parse(await readFile(`${people.network}/network.json`, 'utf8')) as NetworkFile,
    url: people.dev.ready.url,
    keystore: `${people.network}/parties`,
  };
  const wearer = await openKeystoreParty({ ...at, name: 'patient' });
  const gateway = await openKeystoreParty({ ...at, name: 'doctor' });
  const sensor = new SimulatedSensor(gateway.primitives, {
    kind: 'ecg',
    seed: 'a test',
    number: 0,
    boot: 0,
  });
  const { grant, digest } = await bindDevice(wearer, {
    device: sensor,
    gateway: gateway.address,
    categories: ['vitals'],
    until: Math.floor(Date.now() / 1000) + 3600,
  });
  sensor.bind(digest);
  start = grant.terms.from * 1000;
  for (const second of [0, 2, 4]) {
    const { bytes } = sensor.measure(2, start + second * 1000);
    // The second batch never comes.
    if (second === 2) continue;
    const taken = { handle: grant.handle, device: sensor, takenAt: Date.now() };
    const bundle = bundleOfReadings(gateway.primitives, bytes, taken);
    const message = parseReadingsMessage(gateway.primitives, bytes);
    const content = utf8ToBytes(exactJson(bundle));
    await addReadings(gateway, { grant, message, content });
  }
});
after(async () => await people.end());

describe('medseal readings', () => {
  it('lists batches with their gap, and opens none', async () => {
    const { devices } = await patient.ask<Listed>('readings', 'list');
    const [{ batches, shortCode } = { batches: [], shortCode: '' }] = devices;
    assert.deepEqual(
      batches.map(({ first, count, from, follows }) => [first, count, from - start, follows]),
      [
        [0, 2, 0, false],
        [4, 2, 4000, false],
      ],
    );
    const { stdout } = await patient.run('readings', 'list', '--device', shortCode);
    assert.match(stdout, /readings are missing before/);
    const none = await patient.ask<Listed>('readings', 'list', '--until', '2020-01-01');
    assert.deepEqual(none.devices, []);
    const listed = await patient.run('record', 'list');
    assert.match(listed.stdout, /Devices put 2 batches of readings on it\..*readings list/);
  });

  it('exports CSV, a bundle and raw samples, and the same again to the same file', async () => {
    const forms: readonly (readonly [string, RegExp])[] = [
      ['csv', /^time,device,.*\r\n.*,131330,MDC_ECG_ELEC_POTL_II,-?[\d.]+,mV\r\n/],
      ['fhir', /^\{"resourceType":"Bundle".*"valueSampledData"/s],
      ['raw', /^/],
    ];
    for (const [format, begins] of forms) {
      const file = `${people.folder}/readings.${format}`;
      await writeFile(file, 'of before');
      const exported = await patient.ask<Exported>('readings', 'export', file, '--format', format);
      assert.deepEqual(
        [exported.batches, exported.readings, exported.gaps, exported.unopened],
        [2, 4, 1, []],
      );
      const bytes = await readFile(file);
      assert.equal(bytes.length, exported.bytes);
      if (format === 'raw') assert.equal(bytes.length, 2 * 500 * 4);
      assert.match(bytes.toString('latin1'), begins);
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      await patient.ask('readings', 'export', file, '--format', format);
      assert.deepEqual(await readFile(file), bytes);
    }
  });

  it('leaves the file as it was, and nothing beside it, if it is refused', async () => {
    const file = `${people.folder}/kept.csv`;
    await writeFile(file, 'of before');
    const before = await readdir(people.folder);
    const to = async (...args: readonly string[]) =>
      await patient.run('readings', 'export', file, ...args);
    refused(await to('--until', '2020-01-01'), 'NOT_FOUND', 1);
    refused(await to('--from', '2026-01-02', '--until', '2026-01-02'), 'ARGUMENT_INVALID', 2);
    refused(await to('--device', 'KQTC-MZAB-WHPD'), 'ARGUMENT_INVALID', 2);
    refused(await to('--code', '131330'), 'ARGUMENT_INVALID', 2);
    refused(await to('--format', 'raw', '--code', '131329'), 'NOT_FOUND', 1);
    assert.equal((await to('--last', '1h', '--from', '2026-01-01')).code, 2);
    assert.equal((await to('--format', 'xml')).code, 2);
    const stranger = await people.demo('pharmacist').run('readings', 'list', '--patient', 'ana');
    assert.notEqual(stranger.code, 0);
    assert.equal(await readFile(file, 'utf8'), 'of before');
    assert.deepEqual(await readdir(people.folder), before);
  });

  it('gives the samples of a file back that a simulated ECG measured', async () => {
    const samples = Int16Array.from({ length: 540 }, (_, place) => 1000 * Math.sin(place / 9));
    const file = `${people.folder}/lead.i16`;
    await writeFile(file, samples);
    const entered = Promise.withResolvers<void>();
    const gateway = await startSensorGateway(
      await openKeystoreParty({ ...at, name: 'doctor-2' }),
      new MemoryDatabase(),
      { http: { port: 0 } },
      {
        ended: (_device, _digest, { state }) =>
          state === 'entered' ? entered.resolve() : entered.reject(new Error(state)),
        bound: () => undefined,
        delayed: (error) => entered.reject(error),
      },
    );
    try {
      const [door = ''] = gateway.doors;
      const simulate = ['sensors', 'simulate', '--door', door, '--gateway', 'doctor-2', '--yes'];
      const from = [...simulate, '--file', file];
      refused(await patient.run(...from, '--rate', '360'), 'ARGUMENT_INVALID', 2);
      refused(await patient.run(...from, '--kind', 'ecg'), 'ARGUMENT_INVALID', 2);
      const much = ['--kind', 'ecg', '--rate', '10001'];
      refused(await patient.run(...from, ...much), 'ARGUMENT_INVALID', 2);
      await writeFile(`${people.folder}/odd`, 'odd');
      const odd = [...simulate, '--file', `${people.folder}/odd`, '--kind', 'ecg', '--rate', '1'];
      refused(await patient.run(...odd), 'ARGUMENT_INVALID', 2);
      const ecg = ['--kind', 'ecg', '--rate', '360', '--origin', '-5.12'];
      const { devices, batches } = await patient.ask<{ devices: string[]; batches: number }>(
        ...from,
        ...ecg,
      );
      assert.equal(batches, 1);
      await entered.promise;
      const out = `${people.folder}/back.i16`;
      const device = ['--device', devices[0] ?? '', '--format', 'raw'];
      const { gaps } = await patient.ask<Exported>('readings', 'export', out, ...device);
      assert.equal(gaps, 0);
      assert.deepEqual(await readFile(out), await readFile(file));
      const several = await patient.run('readings', 'export', out, '--format', 'raw');
      refused(several, 'ARGUMENT_INVALID', 2);
    } finally {
      await gateway.stop();
    }
  });
});
