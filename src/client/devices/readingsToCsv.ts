import { utf8ToBytes } from '../../crypto/bytes.ts';
import { mdcCodeOf } from '../../fhir/sensors/mdcCodes.ts';
import { numberTextOf, type Holder } from '../../fhir/numberTexts.ts';
import type { DeviceBatch } from './streamReadings.ts';
import type { ReadingAt } from './readReadings.ts';

const HEAD = 'time,device,start,number,sample,code,name,value,unit';

/**
 * Writes readings as CSV (RFC 4180): a row for each number, and for each sample of a curve. `time` is in UTC, `start` and
 * `number` are the device's own, `sample` is the place in its piece of a curve. Batches that could not be opened are
 * left out.
 *
 * @param batches - Batches, from `streamReadings`.
 * @returns UTF-8, a piece for each batch.
 * @throws MedsealError `PEER_UNREACHABLE`, `OVERLOADED` if nobody answers `streamReadings`.
 * @example
 * ```ts
 * const span = { from: Date.now() - 86_400_000, until: Date.now() };
 * for await (const piece of readingsToCsv(streamReadings(patient, chart, span))) {
 *   console.log(new TextDecoder().decode(piece));
 * }
 * ```
 */
export async function* readingsToCsv(
  batches: AsyncIterable<DeviceBatch>,
): AsyncGenerator<Uint8Array> {
  yield utf8ToBytes(`${HEAD}\r\n`);
  for await (const { device, batch } of batches) {
    if ('error' in batch) continue;
    const { boot, first } = batch.header;
    const rows = batch.readings.flatMap((each, place) =>
      rowsOf(each).map(({ moment, sample, value }) => {
        const { code } = each.reading;
        const { id = '', unit = '' } = mdcCodeOf(code) ?? {};
        const time = new Date(moment).toISOString();
        return [time, device, boot, first + place, sample, code, id, value, unit].join(',');
      }),
    );
    yield utf8ToBytes(rows.map((row) => `${row}\r\n`).join(''));
  }
}

function rowsOf({ moment, reading }: ReadingAt): readonly {
  readonly moment: number;
  readonly sample: number | '';
  readonly value: string;
}[] {
  if ('value' in reading) {
    const value = numberTextOf(reading as unknown as Holder, 'value') ?? '';
    return [{ moment, sample: '', value }];
  }
  const { data, factor, period, origin = 0 } = reading;
  return data.map((each, sample) => ({
    moment: Math.round(moment + sample * period),
    sample,
    // Decimal fractions such as 0.005 are not exact in binary: digits beyond the twelfth are noise.
    value: String(Number((origin + each * factor).toPrecision(12))),
  }));
}
