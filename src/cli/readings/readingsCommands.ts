import type { Command } from 'commander';
import { PURPOSES } from '../../protocol/vocabulary.ts';
import { duration, pastMoment } from '../program/duration.ts';
import { count, oneOf, visitor } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import { option } from '../program/VerbOption.ts';

/** Those of `READINGS_FORMATS`, which is loaded only when it is needed. */
const FORMATS = ['csv', 'fhir', 'raw'] as const;

const wanted = () => [
  option(
    '-p, --patient <who>',
    'use this patient’s chart: a contact, card, file or handle (default: your own)',
  ),
  option(
    '--purpose <code>',
    `state this purpose: ${PURPOSES.join(', ')} (default: that of the right)`,
  ).argParser(oneOf(PURPOSES)),
  option('--device <device>', 'those of this device: its 12 letters, code or address'),
  option('--from <when>', 'those from then on: a date, or a date and time').argParser(pastMoment),
  option('--until <when>', 'those before then').argParser(pastMoment),
  option('--last <time>', 'those of the last 10m, 2h or 7d')
    .argParser(duration)
    .conflicts(['from', 'until']),
];

/**
 * Adds the commands about what devices measured: `readings …`.
 *
 * @param program - The command line.
 */
export function addReadingsCommands(program: Command): void {
  const readings = addNoun(program, 'readings', 'list and export what devices measured');
  addVerb(readings, {
    name: 'list',
    about: 'list what devices put on a chart, with gaps, without opening it',
    options: wanted(),
    shared: visitor(),
    notes: `A line is a stretch of readings without a gap. With --json you get every batch. The chart’s list is asked for, which
is a view; no batch is opened.`,
    examples: ['readings list', 'readings list --patient anna --last 2h'],
    gives: async () => (await import('./readingsAnswers.ts')).READINGS_LISTED,
    load: async () => (await import('./listReadingsVerb.ts')).listReadingsVerb,
  });
  addVerb(readings, {
    name: 'export <file>',
    about: 'write what devices measured to a file: as CSV, a FHIR bundle, or raw samples',
    args: { file: 'the file to write; it is replaced once the new one is whole' },
    options: [
      ...wanted(),
      option(
        '--format <format>',
        'csv: a row for each number and sample; fhir: a bundle; raw: one curve, 16 bits for each sample',
      )
        .choices(FORMATS)
        .default('csv'),
      option('--code <code>', 'with raw: MDC code of the curve, such as 131330').argParser(count),
    ],
    shared: visitor(),
    notes: `Each batch is opened, which is a view like any other. Raw samples are whole numbers, the low byte first, as the
device measured them, of one device; factor, period and gaps are not in the file. The file is in the clear, for its owner
alone. Exit code: 1 if a batch could not be opened; the others are in the file.`,
    examples: [
      'readings export pulse.csv --last 2h',
      'readings export readings.json --format fhir --patient anna --from 2026-11-01',
      'readings export lead.raw --format raw --device KQTC-MZAB-WHPD',
    ],
    interrupted: 'Nothing was written; batches that were opened are noted as views.',
    gives: async () => (await import('./readingsAnswers.ts')).READINGS_EXPORTED,
    load: async () => (await import('./exportReadingsVerb.ts')).exportReadingsVerb,
  });
}
