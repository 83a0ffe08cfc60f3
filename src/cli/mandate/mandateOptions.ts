import { moment } from '../program/duration.ts';
import { must, option } from '../program/VerbOption.ts';

/** Options of `medseal mandate offer`. */
export const MANDATE_OFFER = [
  must('--reason <text>', 'the reason, which the patient reads, in 96 characters at most'),
  option('-u, --until <when>', 'end it then: 30d, 2026-12-31, or a date and time')
    .argParser(moment)
    .default({ inSeconds: 365 * 86_400 }, '365d'),
  option('--audit', 'ask to see who saw what, too'),
  option('--appoint', 'ask to let others act, no wider and no longer'),
  must('--out <file>', 'write the offer to this file, for the patient'),
];
