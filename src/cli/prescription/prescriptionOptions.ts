import { DOSE_FIELDS } from '../../fhir/dose/doseFields.ts';
import { PURPOSES } from '../../protocol/vocabulary.ts';
import { moment } from '../program/duration.ts';
import { fieldValue } from '../program/fieldValue.ts';
import { count, countOrNone, oneOf } from '../program/sharedOptions.ts';
import { must, option } from '../program/VerbOption.ts';

function out(about: string) {
  return option('--out <file>', about);
}

/** The patient of a prescription. */
export const PATIENT = option(
  '-p, --patient <who>',
  'the patient: a contact, card, file or handle (default: yourself)',
);

/** Options of `medseal prescription issue`. */
export const PRESCRIPTION_ISSUE = [
  must('--medicine <text>', 'the medicine, with strength and form, in 96 characters at most'),
  option('--code <system|code>', 'code of the medicine, such as http://www.whocc.no/atc|J01CA04'),
  option('--dosage <text>', 'directions for the patient; beside --dose those beyond it'),
  option(
    '--dose <field=value>',
    `structured dose, repeated for each field: ${DOSE_FIELDS.map(({ name }) => name).join(', ')}`,
  ).argParser(fieldValue),
  must('--amount <number>', 'units in one fill').argParser(count),
  must('--unit <text>', 'what is counted: tablet, capsule, ml'),
  option('--fills <number>', 'fills in all, the first and the repeats').argParser(count).default(1),
  option('--interval <days>', 'days from one fill to the next; 0: all at once')
    .argParser(countOrNone)
    .default(0),
  option('-u, --until <when>', 'dispense nothing from then on')
    .argParser(moment)
    .default({ inSeconds: 30 * 86_400 }, '30d'),
  option('--controlled', 'say that the medicine needs a second doctor'),
  option('--second <who>', 'have this doctor sign it too; with --out'),
  out('write it to this file, for the second doctor'),
  option('--reason <text>', 'sign it despite what speaks against it; the reason is kept'),
  option(
    '--check <url>',
    'also ask this CDS Hooks service (order-sign), without naming the patient',
  ),
  option('--purpose <code>', 'rely on a right for this purpose').argParser(oneOf(PURPOSES)),
  PATIENT,
];

/** Options of `medseal prescription slip`. */
export const PRESCRIPTION_SLIP = [out('write it to this file')];

/** Options of `medseal prescription pass`. */
export const PRESCRIPTION_PASS = [out('write what you show from now on to this file')];

/** Options of `medseal prescription dispense`. */
export const PRESCRIPTION_DISPENSE = [
  option('--amount <number>', 'dispense so many units').argParser(count).makeOptionMandatory(),
  option('--note <text>', 'write this to the chart, such as product and lot'),
];
