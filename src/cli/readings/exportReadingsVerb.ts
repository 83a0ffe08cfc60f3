import { readingsToCsv } from '../../client/devices/readingsToCsv.ts';
import { readingsToFhir } from '../../client/devices/readingsToFhir.ts';
import { readingsToSamples } from '../../client/devices/readingsToSamples.ts';
import { streamReadings, type DeviceBatch } from '../../client/devices/streamReadings.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { RecordId } from '../../protocol/ids.ts';
import { short } from '../describeBody.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { describeSize } from '../terminal/describeSize.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { openReadings, type ReadingsFound } from './openReadings.ts';
import type { READINGS_EXPORTED } from './readingsAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { READINGS_EXPORT } from './readingsOptions.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';

/** Batches that went by. */
interface Tally {
  batches: number;
  readings: number;
  gaps: number;
  bytes: number;
  readonly unopened: { readonly record: RecordId; readonly code: string }[];
}

/**
 * Writes what devices measured to a file; all of it, or the file stays as it was.
 *
 * @throws MedsealError `NOT_FOUND` if there are no readings; `ARGUMENT_INVALID`; as `streamReadings` does.
 */
export async function exportReadingsVerb(
  terminal: Terminal,
  file: string,
  options: VisitorOptions & OptionsOf<typeof READINGS_EXPORT>,
): Promise<AnswerOf<typeof READINGS_EXPORTED>> {
  const { format, code } = options;
  if (code !== undefined && format !== 'raw') throw invalid('--code', 'is for --format raw');
  const found = await openReadings(terminal, options);
  const { visitor, chart, devices } = found;
  if (devices.length === 0) throw new MedsealError('NOT_FOUND', { what: 'readings' });
  if (format === 'raw' && devices.length > 1) {
    throw invalid('--device', 'must name one device, since several have readings in this time');
  }
  const tally: Tally = { batches: 0, readings: 0, gaps: 0, bytes: 0, unopened: [] };
  const batches = counted(terminal, found, tally);
  const pieces =
    format === 'csv'
      ? readingsToCsv(batches)
      : format === 'fhir'
        ? readingsToFhir(visitor.party, chart.handle, batches)
        : readingsToSamples(batches, code);
  await writeFileWhole(file, measured(pieces, tally));
  const { unopened, ...counts } = tally;
  return {
    ok: unopened.length === 0,
    value: { handle: chart.handle, file, format, ...counts, unopened },
    lines: [
      `Wrote ${counts.readings} readings of ${counts.batches} batches to ${file} (${describeSize(counts.bytes)}).`,
      ...(counts.gaps > 0 ? [`Readings are missing in ${counts.gaps} places.`] : []),
      ...unopened.map((each) => `Not opened: ${short(each.record)} (${each.code})`),
    ],
  };
}

/** Opens the batches, and counts them as they go by. */
async function* counted(
  { progress }: Terminal,
  { visitor, chart, wanted, devices }: ReadingsFound,
  tally: Tally,
): AsyncGenerator<DeviceBatch> {
  const total = devices.reduce((sum, { batches }) => sum + batches.length, 0);
  let done = 0;
  let before: string | undefined;
  progress.stage(`opening ${total} batches`);
  for await (const each of streamReadings(visitor.party, chart, wanted)) {
    const { device, batch } = each;
    // Of the first batch nobody knows what came before this time.
    if (before === device && batch.gap) tally.gaps += 1;
    before = device;
    if ('error' in batch) {
      tally.unopened.push({ record: batch.record.record, code: batch.error.code });
    } else {
      tally.batches += 1;
      tally.readings += batch.readings.length;
    }
    done += 1;
    if (done % 64 === 0) progress.stage(`${done} of ${total} batches are opened`);
    yield each;
  }
}

/** Counts the bytes of a file as they go by. */
async function* measured(
  pieces: AsyncIterable<Uint8Array>,
  tally: Tally,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    tally.bytes += piece.length;
    yield piece;
  }
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
