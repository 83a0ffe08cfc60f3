import type { BatchListed } from '../../client/devices/batchesOnChart.ts';
import { shortCodeOf } from '../../protocol/sensors/shortCodeOf.ts';
import { describeMoment } from '../describeBody.ts';
import { calledAs } from '../program/calledAs.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { openReadings, type ReadingsOptions } from './openReadings.ts';
import type { READINGS_LISTED } from './readingsAnswers.ts';

/**
 * Lists what devices put on a chart; no batch is opened.
 *
 * @throws MedsealError as `openReadings` does.
 */
export async function listReadingsVerb(
  terminal: Terminal,
  options: ReadingsOptions,
): Promise<AnswerOf<typeof READINGS_LISTED>> {
  const { visitor, chart, devices } = await openReadings(terminal, options);
  const { primitives } = visitor.party;
  const coded = devices.map((each) => ({
    ...each,
    shortCode: shortCodeOf(primitives, each.device),
  }));
  const rows = coded.flatMap(({ shortCode, batches }) =>
    stretchesOf(batches).map((stretch) => [shortCode, ...cellsOf(stretch)]),
  );
  return {
    value: {
      handle: chart.handle,
      devices: coded.map(({ device, shortCode, batches }) => ({
        device,
        shortCode,
        batches: batches.map(({ record, header, start, end, follows, gap, forked, late }) => ({
          record: record.record,
          start: header.boot,
          first: header.first,
          count: header.count,
          from: start,
          until: end,
          at: record.at,
          follows,
          gap,
          forked,
          late,
        })),
      })),
    },
    lines:
      rows.length === 0
        ? ['No readings.']
        : [
            ...table(['device', 'from', 'until', 'batches', 'readings', 'note'], rows, {
              drop: ['batches', 'readings', 'note'],
            }),
            '',
            `Nothing was opened. Next: ${calledAs('readings export readings.csv')}`,
          ],
  };
}

/** Cuts batches into stretches, each without a gap in it. */
function stretchesOf(batches: readonly BatchListed[]): readonly (readonly BatchListed[])[] {
  const stretches: BatchListed[][] = [];
  for (const batch of batches) {
    const last = stretches.at(-1);
    if (batch.follows && last !== undefined) last.push(batch);
    else stretches.push([batch]);
  }
  return stretches;
}

function cellsOf(stretch: readonly BatchListed[]): readonly string[] {
  const [first] = stretch;
  const last = stretch.at(-1);
  if (first === undefined || last === undefined) return [];
  const late = stretch.filter((batch) => batch.late).length;
  const notes = [
    first.gap && 'readings are missing before',
    stretch.some(({ forked }) => forked) && 'fork: two devices use one key',
    stretch.some(({ header }) => header.clock === 'unset') && 'dated by its entry',
    late > 0 && `${late} late`,
  ];
  return [
    describeMoment(Math.floor(first.start / 1000)),
    describeMoment(Math.floor(last.end / 1000)),
    String(stretch.length),
    String(stretch.reduce((sum, { header }) => sum + header.count, 0)),
    notes.filter(Boolean).join(', '),
  ];
}
