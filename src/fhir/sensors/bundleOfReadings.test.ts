import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import * as fc from 'fast-check';
import { addressOf } from '../../crypto/addressOf.ts';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { loadFhirDefinitions } from '../../node/loadFhirDefinitions.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { deviceIdOf } from '../../protocol/sensors/deviceIdOf.ts';
import { helloDigest, type DeviceAnnounced } from '../../protocol/sensors/helloDigest.ts';
import { readingsDigest } from '../../protocol/sensors/readingsDigest.ts';
import type { ReadingsHeader } from '../../protocol/sensors/ReadingsHeader.ts';
import { readingsRoot } from '../../protocol/sensors/readingsRoot.ts';
import { timesOf } from '../../protocol/test/share.ts';
import { categorise } from '../categorise.ts';
import { createValidator } from '../createValidator.ts';
import { exactJson } from '../exactJson.ts';
import { parseFhirJson } from '../parseFhirJson.ts';
import type { Validator } from '../Validator.ts';
import { bundleOfReadings, bundleToSeal, type ReadingsTaken } from './bundleOfReadings.ts';
import { MDC_CODES, mdcCodeOf } from './mdcCodes.ts';
import { readingsInBundle } from './readingsInBundle.ts';

const primitives = portablePrimitives;
const SECRET = hexToBytes(`0x${'42'.repeat(32)}`);
const DEVICE = addressOf(primitives, primitives.publicKey(SECRET));
const HANDLE = `0x${'33'.repeat(32)}` as const;
const START = Date.UTC(2026, 10, 23, 21, 0, 0);
const TAKEN: ReadingsTaken = {
  handle: HANDLE,
  device: { address: DEVICE, announced: announcedBy(SECRET, 'Band 3', 'B3-0001') },
  takenAt: START + 60_000,
};
const LINES = [
  `{"at":${START},"code":149530,"value":71}`,
  `{"at":${START + 1000},"code":150456,"value":97.0}`,
  `{"at":${START + 2000},"code":150364,"value":36.60}`,
  `{"at":${START + 3000},"code":150021,"value":118}`,
  `{"at":${START + 4000},"code":131330,"period":2.50,"factor":0.005,"data":[1,-2,3]}`,
  `{"at":${START + 5000},"code":199999,"value":1e2}`,
];

/** The announcement of a device with this key. */
function announcedBy(secret: Uint8Array, model: string, serial: string): DeviceAnnounced {
  const device = addressOf(primitives, primitives.publicKey(secret));
  const digest = helloDigest(primitives, { device, model, serial });
  return { model, serial, signature: bytesToHex(primitives.sign(hexToBytes(digest), secret)) };
}

interface Batch {
  readonly header: ReadingsHeader;
  readonly bytes: Uint8Array;
}

function batchOf(lines: readonly string[], change: Partial<ReadingsHeader> = {}): Batch {
  const header: ReadingsHeader = {
    grant: `0x${'11'.repeat(32)}`,
    boot: 2,
    first: 60,
    count: lines.length,
    clock: 'set',
    start: START,
    end: START + 10_000,
    previous: ZERO32,
    root: readingsRoot(primitives, lines),
    file: ZERO32,
    ...change,
  };
  return { header, bytes: messageOf(header, lines) };
}

function messageOf(header: ReadingsHeader, lines: readonly string[]): Uint8Array {
  const signature = bytesToHex(
    primitives.sign(hexToBytes(readingsDigest(primitives, header)), SECRET),
  );
  const first = JSON.stringify({ format: 'medseal-readings/1', header, signature });
  return utf8ToBytes([first, ...lines, ''].join('\n'));
}

function readingAt(time: number): string {
  return `{"at":${time},"code":149530,"value":1}`;
}

function made(line: string): () => unknown {
  return () => bundleOfReadings(primitives, batchOf([line]).bytes, TAKEN);
}

function contentOf({ bytes }: Batch): Uint8Array {
  return utf8ToBytes(exactJson(bundleOfReadings(primitives, bytes, TAKEN)));
}

function read({ header }: Batch, content: Uint8Array): ReturnType<typeof readingsInBundle> {
  return readingsInBundle(primitives, content, { handle: HANDLE, device: DEVICE, header });
}

function refused(what: string, run: () => unknown): void {
  assert.throws(
    run,
    (error) => isMedsealError(error, 'READINGS_INVALID') && error.values['what'] === what,
  );
}

/** Numbers in many spellings: `7`, `7.0`, `-0.050`, `7e1`. */
const spelled = fc
  .tuple(
    fc.integer({ min: -9999, max: 9999 }),
    fc.constantFrom('', '.0', '.50', '.125'),
    fc.constantFrom('', '', 'e1'),
  )
  .map(([whole, fraction, power]) => `${whole}${fraction}${power}`);
const line = fc.oneof(
  fc
    .tuple(fc.constantFrom(149530, 150456, 150021, 424242), fc.nat(10_000), spelled)
    .map(([code, at, value]) => `{"at":${START + at},"code":${code},"value":${value}}`),
  fc
    .tuple(fc.nat(10_000), fc.array(fc.integer({ min: -9999, max: 9999 }), { minLength: 1 }))
    .map(
      ([at, data]) =>
        `{"at":${START + at},"code":131330,"data":[${data.join(',')}],"factor":0.0050,"period":2.0}`,
    ),
);

describe('the bundle of a batch of readings', () => {
  let validator: Validator;
  before(() => {
    validator = createValidator(loadFhirDefinitions());
  });

  it('is FHIR R4: a Binary, a Device, vital signs with LOINC and UCUM, and SampledData', () => {
    const bundle = bundleOfReadings(primitives, batchOf(LINES).bytes, TAKEN);
    validator.validateBundle(parseFhirJson(utf8ToBytes(exactJson(bundle))));
    const resources = (bundle.entry ?? []).flatMap(({ resource }) => resource ?? []);
    assert.deepEqual(
      resources.map(({ resourceType }) => resourceType),
      ['Binary', 'Device', ...LINES.map(() => 'Observation')],
    );
    const text = exactJson(bundle);
    for (const part of [
      '"valueQuantity":{"code":"/min","system":"http://unitsofmeasure.org","unit":"beats/minute","value":71}',
      '"value":97.0}',
      '"value":36.60}',
      '{"code":"8310-5","system":"http://loinc.org"}',
      '"valueSampledData":{"data":"1 -2 3","dimensions":1,"factor":0.005,"origin":{"code":"mV","system":"http://unitsofmeasure.org","unit":"mV","value":0},"period":2.50}',
      '"text":"MDC 199999"},"device"',
      '"value":1e2}',
      '"effectiveDateTime":"2026-11-23T21:00:01.000Z"',
      '"code":"sealed-by-gateway"',
    ]) {
      assert.ok(text.includes(part), part);
    }
    assert.equal(text.includes('CoincidentTimeStampReference'), false);
  });

  it('lies under vital signs if a number of it is one', () => {
    const bundle = bundleOfReadings(primitives, batchOf(LINES).bytes, TAKEN);
    const pulse = bundle.entry?.[2];
    assert.ok(pulse?.resource?.resourceType === 'Observation');
    assert.equal(categorise(pulse.resource), 'vitals');
  });

  it('dates readings of a device without a clock by the gateway, and says so with both clocks', () => {
    const lines = ['{"at":5000,"code":149530,"value":70}'];
    const batch = batchOf(lines, { clock: 'unset', start: 5000, end: 15_000 });
    const bundle = bundleOfReadings(primitives, batch.bytes, TAKEN);
    validator.validateBundle(parseFhirJson(utf8ToBytes(exactJson(bundle))));
    const [, , clocks, reading] = (bundle.entry ?? []).map(({ resource }) => resource);
    assert.ok(clocks?.resourceType === 'Observation' && reading?.resourceType === 'Observation');
    assert.equal(clocks.code.coding?.[0]?.code, '67983');
    assert.equal(clocks.valueQuantity?.value, 15_000);
    assert.equal(clocks.effectiveDateTime, '2026-11-23T21:01:00.000Z');
    assert.equal(reading.effectiveDateTime, '2026-11-23T21:00:50.000Z');
    assert.equal(reading.extension?.[0]?.valueReference?.reference, bundle.entry?.[2]?.fullUrl);
    const held = read(batch, contentOf(batch));
    assert.equal(held.takenAt, TAKEN.takenAt);
    assert.equal(held.altered, false);
  });

  it('gives the message back byte by byte, whatever its numbers look like', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => {
        const batch = batchOf(lines);
        const held = read(batch, contentOf(batch));
        assert.deepEqual(held.bytes, batch.bytes);
        assert.deepEqual(held.lines, lines);
        assert.equal(held.altered, false);
      }),
      { numRuns: timesOf(50) },
    );
  });

  it('keeps the spelling of each number in its Observations', () => {
    fc.assert(
      fc.property(fc.array(spelled, { minLength: 1, maxLength: 8 }), (values) => {
        const lines = values.map((value) => `{"at":${START},"code":149530,"value":${value}}`);
        const text = exactJson(bundleOfReadings(primitives, batchOf(lines).bytes, TAKEN));
        assert.deepEqual(
          [...text.matchAll(/"value":(-?[\d.e]+)\}/g)].map(([, value]) => value),
          values,
        );
      }),
      { numRuns: timesOf(50) },
    );
  });

  it('says if Observations were changed, added or left out, and reads the lines alone', () => {
    const batch = batchOf(LINES);
    const text = exactJson(bundleOfReadings(primitives, batch.bytes, TAKEN));
    const bundle = JSON.parse(text) as { entry: { resource: { resourceType: string } }[] };
    const [binary, device, ...observations] = bundle.entry;
    for (const other of [
      text.replace('"value":71}', '"value":72}'),
      text.replace('"value":97.0}', '"value":97}'),
      JSON.stringify({ ...bundle, entry: [binary, device, ...observations, observations[0]] }),
      JSON.stringify({ ...bundle, entry: [binary, device, ...observations.slice(1)] }),
      JSON.stringify({ ...bundle, entry: [binary, device] }),
    ]) {
      const held = read(batch, utf8ToBytes(other));
      assert.equal(held.altered, true);
      assert.deepEqual(held.lines, LINES);
    }
  });

  const foreign = announcedBy(hexToBytes(`0x${'43'.repeat(32)}`), 'Pacemaker', 'P-1');
  type Loose = Record<string, unknown> & { entry: Record<string, unknown>[] };
  const beside = (resource: object) => (bundle: Loose) => void bundle.entry.push({ resource });
  const inPlace = (place: number, change: object) => (bundle: Loose) => {
    const entry = bundle.entry[place] ?? {};
    entry['resource'] = { ...(entry['resource'] as object), ...change };
  };
  const additions: readonly (readonly [string, (bundle: Loose) => void])[] = [
    ['a Patient', beside({ resourceType: 'Patient', name: [{ family: 'Somebody' }] })],
    ['a Condition', beside({ resourceType: 'Condition', code: { text: 'of the gateway' } })],
    ['a second Device', beside({ resourceType: 'Device', serialNumber: '1' })],
    ['a Binary of another type', beside({ resourceType: 'Binary', contentType: 'text/plain' })],
    ['a DocumentReference', beside({ resourceType: 'DocumentReference', status: 'current' })],
    ['a resource of no type', beside({ note: 'hello' })],
    ['an entry without a resource', (bundle) => void bundle.entry.push({ fullUrl: 'urn:x' })],
    ['a link', (bundle) => void (bundle['link'] = [{ relation: 'self', url: 'urn:x' }])],
    ['a signature', (bundle) => void (bundle['signature'] = { data: 'AA==' })],
    ['another tag', (bundle) => void (bundle['meta'] = { tag: [{ code: 'sealed-by-device' }] })],
    ['another name of a resource', (bundle) => void ((bundle.entry[2] ?? {})['fullUrl'] = 'urn:x')],
    ['a text in the Binary', inPlace(0, { language: 'en' })],
    ['another serial number', inPlace(1, { serialNumber: 'B3-0002' })],
    ['another model', inPlace(1, { modelNumber: 'Band 4' })],
    ['a device’s name for people', inPlace(1, { deviceName: [{ name: 'Mine' }] })],
    ['the maker of the device', inPlace(1, { manufacturer: 'Somebody' })],
    [
      'the model that another device signed',
      inPlace(1, {
        extension: [{ url: 'urn:medseal:announcement', valueString: foreign.signature }],
        modelNumber: foreign.model,
        serialNumber: foreign.serial,
      }),
    ],
    [
      'a signature that is not one of the device',
      inPlace(1, { extension: [{ valueString: '0x' }] }),
    ],
    ['a contained resource', inPlace(2, { contained: [{ resourceType: 'Device' }] })],
    ['an extension', inPlace(2, { extension: [{ url: 'urn:x', valueString: 'hello' }] })],
    ['a note in an Observation', inPlace(2, { note: [{ text: 'hello' }] })],
  ];
  for (const [what, add] of additions) {
    // @actor a gateway | to tell of another model than the device
    it(`says that it was altered if it has ${what} that does not follow from the signed lines`, () => {
      const batch = batchOf(LINES);
      const sealed = { ...batch.header, file: `0x${'ab'.repeat(32)}`, epoch: 4 } as const;
      for (const [header, own] of [
        [batch.header, bundleOfReadings(primitives, batch.bytes, TAKEN)],
        [sealed, bundleToSeal(primitives, batch.header, LINES, TAKEN)],
      ] as const) {
        const bundle = parseFhirJson(utf8ToBytes(exactJson(own))) as Loose;
        add(bundle);
        const held = read({ ...batch, header }, utf8ToBytes(exactJson(bundle)));
        assert.equal(held.altered, true);
        assert.deepEqual(held.lines, LINES);
      }
    });
  }

  it('is refused if it holds another batch, two messages or no message', () => {
    const batch = batchOf(LINES);
    const content = contentOf(batch);
    refused('statement', () => read(batchOf(LINES, { first: 61 }), content));
    const bundle = JSON.parse(new TextDecoder().decode(content)) as { entry: unknown[] };
    const [binary, ...rest] = bundle.entry;
    const withEntries = (...entry: readonly unknown[]): Uint8Array =>
      utf8ToBytes(JSON.stringify({ ...bundle, entry }));
    refused('message', () => read(batch, withEntries(...rest)));
    refused('message', () => read(batch, withEntries(binary, binary)));
    refused('message', () => read(batch, withEntries(null, { resource: null }, 7)));
    refused('message', () => read(batch, utf8ToBytes('null')));
    assert.throws(
      () => read(batch, utf8ToBytes('not JSON')),
      (error) => isMedsealError(error, 'FHIR_INVALID'),
    );
  });

  it('is not made of readings outside the batch’s time, or with a name twice', () => {
    refused('time of a reading', made(readingAt(START - 1)));
    refused('time of a reading', made(readingAt(START + 10_001)));
    refused('time of a reading', made(readingAt(0)));
    refused('reading', made(`{"at":${START},"code":149530,"value":1,"value":2}`));
  });

  it('tells of the device in the shape of the guide: model, serial number, kinds, and its own signature over them', () => {
    const bundle = bundleOfReadings(primitives, batchOf(LINES).bytes, TAKEN);
    const device = bundle.entry?.[1];
    assert.ok(device?.resource?.resourceType === 'Device');
    const { identifier, type, specialization, modelNumber, serialNumber } = device.resource;
    assert.deepEqual([modelNumber, serialNumber], ['Band 3', 'B3-0001']);
    assert.deepEqual(
      identifier?.map(({ value }) => value),
      [DEVICE, deviceIdOf(primitives, DEVICE), `0x${'11'.repeat(32)}`],
    );
    assert.equal(type?.coding?.[0]?.code, '65573');
    assert.deepEqual(
      specialization?.map(({ systemType }) => systemType.coding?.[0]?.code),
      ['528388', '528392', '528391', '528457'],
    );
    for (const { resource } of bundle.entry?.slice(2) ?? []) {
      assert.ok(resource?.resourceType === 'Observation');
      assert.equal(resource.device?.reference, device.fullUrl);
    }
    const silent = { ...TAKEN, device: { address: DEVICE } };
    const text = exactJson(bundleOfReadings(primitives, batchOf(LINES).bytes, silent));
    assert.equal(/modelNumber|serialNumber|extension/.test(text), false);
    assert.equal(read(batchOf(LINES), utf8ToBytes(text)).altered, false);
  });

  it('is read byte by byte as a device sealed it, whose statement lies in the entry', () => {
    const batch = batchOf(LINES);
    const header = { ...batch.header, file: `0x${'ab'.repeat(32)}`, epoch: 4 } as const;
    const bundle = bundleToSeal(primitives, batch.header, LINES, TAKEN);
    validator.validateBundle(parseFhirJson(utf8ToBytes(exactJson(bundle))));
    assert.equal(bundle.meta?.tag?.[0]?.code, 'sealed-by-device');
    const held = read({ ...batch, header }, utf8ToBytes(exactJson(bundle)));
    assert.deepEqual(held.lines, LINES);
    assert.equal(held.altered, false);
    const other = { ...header, first: 61 };
    assert.equal(read({ ...batch, header: other }, utf8ToBytes(exactJson(bundle))).altered, true);
  });

  it('is refused, as a device sealed it, if its lines are not those that the statement names', () => {
    const batch = batchOf(LINES);
    const header = { ...batch.header, file: `0x${'ab'.repeat(32)}`, epoch: 4 } as const;
    const sealed = (lines: readonly string[]): Uint8Array => {
      const { header: own } = batchOf(lines);
      return utf8ToBytes(exactJson(bundleToSeal(primitives, own, lines, TAKEN)));
    };
    const expected = { ...batch, header };
    refused('count', () => read(expected, sealed(LINES.slice(1))));
    refused('root', () => read(expected, sealed([...LINES].toReversed())));
    refused('count', () => read(expected, contentOf(batch)));
    refused('first line', () => read(batch, sealed(LINES)));
    refused('count', () => bundleToSeal(primitives, batch.header, LINES.slice(1), TAKEN));
  });

  it('is not made by a gateway of what a device sealed', () => {
    const sealed = utf8ToBytes('an age file');
    const file = bytesToHex(primitives.sha256(sealed));
    const { header } = batchOf(LINES, { file, epoch: 1 });
    const bytes = messageOf(header, [Buffer.from(sealed).toString('base64')]);
    refused('sealed readings', () => bundleOfReadings(primitives, bytes, TAKEN));
  });

  it('has an Observation for each of the first thousand readings, and all of them in its Binary', () => {
    const lines = Array.from({ length: 1002 }, () => LINES[0] ?? '');
    const batch = batchOf(lines);
    assert.equal(bundleOfReadings(primitives, batch.bytes, TAKEN).entry?.length, 1002);
    const held = read(batch, contentOf(batch));
    assert.equal(held.lines.length, 1002);
    assert.equal(held.altered, false);
  });
});

describe('the table of MDC codes', () => {
  it('has each code once, in the partition of its kind', () => {
    assert.equal(new Set(MDC_CODES.map(({ code }) => code)).size, MDC_CODES.length);
    for (const { code } of MDC_CODES) assert.equal(Math.floor(code / 65_536), 2);
    assert.equal(mdcCodeOf(150456)?.id, 'MDC_PULS_OXIM_SAT_O2');
    assert.equal(mdcCodeOf(1), undefined);
  });
});
