import { FORM_NAMES } from '../../fhir/forms/formNames.ts';
import { RECORD_TYPES } from '../../protocol/struct/recordTypes.ts';
import { CATEGORIES, PURPOSES } from '../../protocol/vocabulary.ts';
import { moment } from '../program/duration.ts';
import { fieldValue } from '../program/fieldValue.ts';
import { count, oneOf, wait } from '../program/sharedOptions.ts';
import { option } from '../program/VerbOption.ts';

const PATIENT = option(
  '-p, --patient <who>',
  'use this patient’s chart: a contact, card, file or handle (default: your own)',
);
const PURPOSE = option(
  '--purpose <code>',
  `state this purpose: ${PURPOSES.join(', ')} (default: that of the right)`,
).argParser(oneOf(PURPOSES));

/** Options that all verbs about a chart have. */
export const CHART = [PATIENT, PURPOSE];

const NO_WAIT = option(
  '--no-wait',
  'answer at once, even if the node does not have this device’s newest writes yet (default: wait for them, 5 s at most)',
);

/** Evidence that a verb that writes waits for. */
export const WAITS = [
  wait(),
  option('--receipts <folder>', 'wait for the receipts, and save them in this folder'),
];

/** Options that say into which records a file goes. */
export const PLAN = [
  option(
    '-c, --category <name>',
    `put it in this category: ${CATEGORIES.join(', ')} (not for FHIR, which states its own)`,
  ).argParser(oneOf(CATEGORIES)),
  option('-k, --kind <kind>', `say what it is: ${RECORD_TYPES.join(', ')}`).argParser(
    oneOf(RECORD_TYPES),
  ),
  option('-t, --type <media-type>', 'set the media type (default: from its bytes and name)'),
  option('--title <text>', 'set the title (default: the file’s name)'),
  option('--raw', 'add the bytes as one record, without a description'),
];

/** Options that fill in a clinical form in place of a file. */
export const FORM = [
  option('--form <name>', `fill in a form: ${FORM_NAMES.join(', ')}`)
    .argParser(oneOf(FORM_NAMES))
    .conflicts(['category', 'kind', 'type', 'title', 'raw']),
  option('--set <field=value>', 'with --form: fill in this field; repeat it for each').argParser(
    fieldValue,
  ),
];

/** Options of `medseal record add`. */
export const RECORD_ADD = [
  PATIENT,
  ...PLAN,
  ...FORM,
  option('--another-patient', 'add it even if its name or birth date differ from the chart’s'),
  option('--again', 'add it again, even if this device added it before'),
  PURPOSE,
  ...WAITS,
];

/** Options of `medseal record list`. */
export const RECORD_LIST = [
  ...CHART,
  option('--all', 'list every version, not the newest alone'),
  option('--complete', 'have k coordinators count the list: no record was left out'),
  option('--titles', 'open small records for their titles; each counts as a view'),
  NO_WAIT,
];

/** Options of `medseal record get`. */
export const RECORD_GET = [
  ...CHART,
  option('--number <version>', 'open this version (default: the newest)').argParser(count),
  option('-o, --out <file>', 'write to this file (default: standard output)'),
  option('--force', 'with --out: replace an existing file'),
  option(
    '--whole',
    'give the whole FHIR bundle that the record is a part of; each part counts as a view',
  ),
  option('--raw', 'give the bytes as they were sealed'),
  option(
    '--releases <folder>',
    'save in this folder the proof of which organisations released the record’s key',
  ),
  option('--keep <time>', 'keep it on this device until then, such as 12h; seven days at most')
    .argParser(moment)
    .conflicts('whole'),
  option('--sealed', 'give the sealed file, unopened').conflicts([
    'whole',
    'raw',
    'keep',
    'kept',
    'releases',
  ]),
  option('--kept', 'open it as this device keeps it, without asking any node').conflicts([
    'whole',
    'keep',
    'patient',
    'purpose',
    'releases',
    'url',
  ]),
  NO_WAIT,
];

/** Options of `medseal record kept`. */
export const RECORD_KEPT = [
  option('--remove <record>', 'remove this record from the device, and the file of a document'),
];

/** Options of `medseal record amend`. */
export const RECORD_AMEND = [
  ...CHART,
  option('--whole', 'replace the whole FHIR bundle that the record is a part of'),
  ...WAITS,
];

/** Options of `medseal record withdraw`. */
export const RECORD_WITHDRAW = [...CHART, ...WAITS];

/** Options of `medseal record object`. */
export const RECORD_OBJECT = [
  option(
    '-w, --words <text>',
    'say what you disagree with, in 2,000 characters at most',
  ).makeOptionMandatory(),
  ...WAITS,
];

/** Options of `medseal record certificate`. */
export const RECORD_CERTIFICATE = [
  option(
    '-o, --out <file>',
    'write it to this file; a certificate that is there is completed',
  ).makeOptionMandatory(),
];
