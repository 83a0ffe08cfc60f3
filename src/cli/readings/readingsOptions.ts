import { duration, pastMoment } from '../program/duration.ts';
import { count } from '../program/sharedOptions.ts';
import { option } from '../program/VerbOption.ts';
import { CHART } from '../record/recordOptions.ts';

/** Options of all verbs about readings. */
export const READINGS = [
  ...CHART,
  option('--device <device>', 'those of this device: its 12 letters, code or address'),
  option('--from <when>', 'those from then on: a date, or a date and time').argParser(pastMoment),
  option('--until <when>', 'those before then').argParser(pastMoment),
  option('--last <time>', 'those of the last 10m, 2h or 7d')
    .argParser(duration)
    .conflicts(['from', 'until']),
];

/** Those of `READINGS_FORMATS`, which is loaded only when it is needed. */
const FORMATS = ['csv', 'fhir', 'raw'] as const;

/** Options of `medseal readings export`. */
export const READINGS_EXPORT = [
  ...READINGS,
  option(
    '--format <format>',
    'csv: a row for each number and sample; fhir: a bundle; raw: one curve, 16 bits for each sample',
  )
    .choices(FORMATS)
    .default('csv'),
  option('--code <code>', 'with raw: MDC code of the curve, such as 131330').argParser(count),
];
