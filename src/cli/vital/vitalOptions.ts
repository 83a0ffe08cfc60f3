import { duration, pastMoment } from '../program/duration.ts';
import { collect, recordId } from '../program/sharedOptions.ts';
import { must, option } from '../program/VerbOption.ts';

const RECORD = option('--record <id>', 'the record on the chart that holds it').argParser(recordId);

const CERTIFICATE = must('--certificate <file>', 'the certificate; its hash is signed');

/** Options of `medseal birth register`. */
export const BIRTH_REGISTER = [
  CERTIFICATE,
  RECORD,
  option('--mother <file>', 'name the mother, who signed this file; see "birth permit"'),
  must(
    '--out <file>',
    'write what you sign to this file, for whoever confirms it and for the parents',
  ),
];

/** Options of `medseal birth permit`. */
export const BIRTH_PERMIT = [
  must('--registrar <who>', 'the registrar: a contact, card, file or address'),
  option('--for <length>', 'for so long')
    .argParser(duration)
    .default(7 * 86_400, '7d'),
  must('--out <file>', 'write it to this file, for the registrar'),
];

/** Options of `medseal birth show`. */
export const BIRTH_SHOW = [option('--opening <file>', 'check this file of the registrar')];

/** Options of `medseal birth confirm` and `death confirm`. */
export const VITAL_CONFIRM = [must('--report <file>', 'the file of the party that reported it')];

/** Options of `medseal birth undo` and `death undo`. */
export const VITAL_UNDO = [
  must('--evidence <file>', 'evidence that it is a mistake; its hash is signed'),
  must('--reason <text>', 'the reason, in 96 characters at most'),
  must('--second <who>', 'the party of another organisation that signs too'),
  must('--out <file>', 'write it to this file, for the second party'),
];

/** Options of `medseal death report`. */
export const DEATH_REPORT = [
  CERTIFICATE,
  option('--at <when>', 'the time of death: a date, or a date and time')
    .argParser(pastMoment)
    .makeOptionMandatory(),
  RECORD,
  must('--out <file>', 'write what you sign to this file, for whoever confirms it'),
];

/** Options of `medseal will set`. */
export const WILL_SET = [
  option('--keep <grant>', 'let this right hold on; repeatable (default: none)').argParser(collect),
  option('--for <length>', 'for so long after the death is confirmed')
    .argParser(duration)
    .default(31_557_600, '1y'),
];
