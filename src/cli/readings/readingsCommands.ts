import type { Command } from 'commander';
import { visitor } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import { READINGS_EXPORT, READINGS } from './readingsOptions.ts';

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
    options: READINGS,
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
    options: READINGS_EXPORT,
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
