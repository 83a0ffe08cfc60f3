import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { createValidator } from '../../fhir/createValidator.ts';
import { parseFhirJson } from '../../fhir/parseFhirJson.ts';
import type { Validator } from '../../fhir/Validator.ts';
import { exactReadings } from '../../fhir/sensors/exactReadings.ts';
import { loadFhirDefinitions } from '../../node/loadFhirDefinitions.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { primitives, word } from '../../protocol/test/sampleNetwork.ts';
import { sampleHeader } from '../../protocol/test/sampleReadings.ts';
import { readingsToCsv } from './readingsToCsv.ts';
import { readingsToFhir } from './readingsToFhir.ts';
import { readingsToSamples } from './readingsToSamples.ts';
import type { DeviceBatch } from './streamReadings.ts';

const DEVICE = `0x${'22'.repeat(20)}` as const;
const HANDLE = word('handle');
const START = Date.UTC(2026, 10, 24, 12);

/** A batch of these lines, whose times are moved so far. */
function batchOf(name: string, lines: readonly string[], shift = 0): DeviceBatch {
  const header = sampleHeader({
    clock: shift === 0 ? 'set' : 'unset',
    boot: 3,
    first: 60,
    count: lines.length,
    start: START - shift,
    end: START - shift + 10_000,
  });
  const readings = exactReadings(header, lines).map((reading, place) => ({
    moment: reading.at + shift,
    reading,
    line: lines[place] ?? '',
  }));
  return { device: DEVICE, batch: { header, record: { record: word(name) }, readings } as never };
}

function closed(): DeviceBatch {
  const error = new MedsealError('KEY_PENDING', {});
  return { device: DEVICE, batch: { record: { record: word('closed') }, error } as never };
}

async function textOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  return new TextDecoder().decode(await collectBytes(pieces));
}

async function* of(...batches: readonly DeviceBatch[]): AsyncGenerator<DeviceBatch> {
  for (const each of batches) yield await Promise.resolve(each);
}

const NUMBERS = [
  `{"at":${START},"code":149530,"value":71.0}`,
  `{"at":${START + 1000},"code":199999,"value":1e2}`,
];
const wave = (code: number, data: readonly number[], more = ''): string =>
  `{"at":${START},"code":${code},"period":2.5,"factor":0.005${more},"data":[${data.join(',')}]}`;

describe('readings as CSV', () => {
  it('have each number as its device wrote it, and no unit for a code that is not known', async () => {
    const text = await textOf(readingsToCsv(of(closed(), batchOf('a', NUMBERS))));
    assert.deepEqual(text.split('\r\n').slice(1), [
      `2026-11-24T12:00:00.000Z,${DEVICE},3,60,,149530,MDC_PULS_OXIM_PULS_RATE,71.0,/min`,
      `2026-11-24T12:00:01.000Z,${DEVICE},3,61,,199999,,1e2,`,
      '',
    ]);
  });

  it('have no noise of binary fractions, and the times of a device without a clock as the chart has them', async () => {
    const lines = [wave(131_330, [3, -1], ',"origin":0.1').replace(String(START), String(5000))];
    const batch = batchOf('b', lines, START - 5000);
    assert.deepEqual((await textOf(readingsToCsv(of(batch)))).split('\r\n').slice(1, 3), [
      `2026-11-24T12:00:00.000Z,${DEVICE},3,60,0,131330,MDC_ECG_ELEC_POTL_II,0.115,mV`,
      `2026-11-24T12:00:00.003Z,${DEVICE},3,60,1,131330,MDC_ECG_ELEC_POTL_II,0.095,mV`,
    ]);
  });
});

describe('a device that writes numbers of no use', () => {
  for (const [what, line] of [
    [
      'a distance of samples of 10^300',
      `{"at":${START},"code":1,"period":1e300,"factor":1,"data":[1,2]}`,
    ],
    [
      'a curve of more than a day',
      `{"at":${START},"code":1,"period":43200001,"factor":1,"data":[1,2]}`,
    ],
    ['a value beyond 2^53', `{"at":${START},"code":1,"value":-1e16}`],
    ['a sample beyond 2^53', `{"at":${START},"code":1,"period":1,"factor":1e10,"data":[1,1e10]}`],
    [
      'an origin beyond 2^53',
      `{"at":${START},"code":1,"period":1,"factor":1,"origin":1e300,"data":[1]}`,
    ],
  ] as const) {
    // @actor a device | to have every export of its patient's readings fail
    it(`is refused, so that no export or drawing fails over ${what}`, () => {
      assert.throws(() => batchOf('h', [line]), failsWith('READINGS_INVALID'));
    });
  }
});

describe('readings as a FHIR bundle', () => {
  let validator: Validator;
  before(() => {
    validator = createValidator(loadFhirDefinitions());
  });

  it('are valid R4 with each Device once, and Observations beyond the thousand of a batch’s record', async () => {
    const many = Array.from({ length: 1002 }, () => NUMBERS[0] ?? '');
    const stream = of(batchOf('a', NUMBERS), closed(), batchOf('b', many));
    const text = await textOf(readingsToFhir({ primitives }, HANDLE, stream));
    const bundle = parseFhirJson(new TextEncoder().encode(text));
    validator.validateBundle(bundle);
    const { entry = [] } = bundle as { entry?: { fullUrl: string; resource: object }[] };
    assert.equal(entry.length, 1 + 2 + 1002);
    assert.equal(new Set(entry.map(({ fullUrl }) => fullUrl)).size, entry.length);
    assert.equal(text.match(/"resourceType":"Device"/g)?.length, 1);
    assert.ok(text.includes('"value":71.0}'));
    assert.ok(text.includes('"value":1e2}'));
  });

  it('have both clocks of a device that did not know the time', async () => {
    const lines = ['{"at":5000,"code":149530,"value":70}'];
    const text = await textOf(
      readingsToFhir({ primitives }, HANDLE, of(batchOf('c', lines, START - 5000))),
    );
    const bundle = parseFhirJson(new TextEncoder().encode(text));
    validator.validateBundle(bundle);
    const { entry } = bundle as {
      entry: { fullUrl: string; resource: Record<string, unknown> }[];
    };
    const [, clocks, reading] = entry;
    assert.deepEqual(clocks?.resource['effectiveDateTime'], '2026-11-24T12:00:10.000Z');
    assert.deepEqual(reading?.resource['effectiveDateTime'], '2026-11-24T12:00:00.000Z');
    assert.ok(JSON.stringify(reading?.resource['extension']).includes(clocks?.fullUrl ?? '?'));
  });

  it('are valid without any reading', async () => {
    const text = await textOf(readingsToFhir({ primitives }, HANDLE, of(closed())));
    validator.validateBundle(parseFhirJson(new TextEncoder().encode(text)));
  });
});

describe('readings as raw samples', () => {
  it('are of the curve that was named, and refused if two could be meant', async () => {
    const lines = [wave(131_330, [1, -2]), ...NUMBERS, wave(131_329, [7])];
    const batch = batchOf('d', lines);
    assert.deepEqual(
      await collectBytes(readingsToSamples(of(batch), 131_330)),
      Uint8Array.of(1, 0, 0xfe, 0xff),
    );
    await assert.rejects(
      collectBytes(readingsToSamples(of(batch))),
      failsWith('ARGUMENT_INVALID', { argument: 'code' }),
    );
  });

  it('are refused if a sample is not a whole number of 16 bits, or there is no curve', async () => {
    for (const sample of [32_768, -32_769, 0.5]) {
      const stream = of(batchOf('e', [wave(131_330, [sample])]));
      await assert.rejects(
        collectBytes(readingsToSamples(stream)),
        failsWith('ARGUMENT_INVALID', { argument: 'format' }),
      );
    }
    for (const stream of [of(), of(closed()), of(batchOf('f', NUMBERS))]) {
      await assert.rejects(collectBytes(readingsToSamples(stream)), failsWith('NOT_FOUND'));
    }
  });
});
