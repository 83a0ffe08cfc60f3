import { Option, type Command } from 'commander';
import { CATEGORIES, PURPOSES } from '../../protocol/vocabulary.ts';
import { count, oneOf, visitor, wait, yes } from '../sharedOptions.ts';
import { addNoun, addVerb } from '../verb.ts';

const patient = (): Option =>
  new Option(
    '-p, --patient <who>',
    'whose chart: a contact, card, file or handle (default: your own)',
  );
const purpose = (): Option =>
  new Option(
    '--purpose <code>',
    `what for: ${PURPOSES.join(', ')} (default: that of the right)`,
  ).argParser(oneOf(PURPOSES));
const waits = (): readonly Option[] => [
  wait(),
  new Option('--receipts <folder>', 'wait for the receipts, and keep them in this folder'),
];
const noWait = (): Option =>
  new Option(
    '--no-wait',
    'at once, though the node has no copy yet of what this device was acknowledged (default: it waits, 5 s at most)',
  );
const RECORD = { record: 'the record, or the beginning of its id' };

/**
 * Adds the commands for records.
 *
 * @param program - The command line.
 */
export function addRecordCommands(program: Command): void {
  const record = addNoun(program, 'record', 'add, list, read, amend and withdraw records');
  addVerb(record, {
    name: 'add <file>',
    about: 'seal a file and put it on a patient’s chart',
    args: { file: 'the file; -: standard input' },
    options: [
      patient(),
      new Option(
        '-c, --category <name>',
        `where it belongs: ${CATEGORIES.join(', ')} (not for FHIR, which says it)`,
      ).argParser(oneOf(CATEGORIES)),
      new Option('-t, --type <media-type>', 'what it is (default: what its bytes and name tell)'),
      new Option('--title <text>', 'what people call it (default: its name)'),
      new Option('--raw', 'the bytes as one record, with nothing that tells what they are'),
      new Option('--another-patient', 'though its name or birth date are not those on the chart'),
      new Option('--again', 'once more, though this device added the same before'),
      purpose(),
      ...waits(),
    ],
    shared: [...visitor(), yes()],
    notes: `FHIR R4 in JSON, a bundle or one resource, is validated and split: each category becomes a record that can be
shared alone. What looks like FHIR and is not quite (XML, NDJSON, UTF-16, a list, malformed JSON) is refused; with --type it is
a document all the same. Any other file, of any size, is a document: its bytes are one record, and a DocumentReference that tells
what they are is another, both under reports, under imaging where it is an image, or where --category says.
The name and birth date in FHIR are shown before it is signed, and compared with the chart where you may read its
demographics; what is of another patient is refused. It is safe to run twice: what this device added to the chart before is not added again.`,
    examples: [
      'record add visit.json --patient anna',
      'record add scan.dcm --patient anna --title "Chest, 2 views" --receipts receipts',
      'record add - --title readings.csv --category vitals < readings.csv',
    ],
    load: async () => (await import('./addRecord.ts')).addRecords,
  });
  addVerb(record, {
    name: 'list',
    about: 'list the records of a chart that you may see',
    options: [
      patient(),
      purpose(),
      new Option('--all', 'every version, not the newest alone'),
      new Option('--titles', 'open what is small, and say what it holds; each is a view'),
      noWait(),
    ],
    shared: visitor(),
    notes: `Looking is an event: the patient’s audit tells it. If the node has no copy yet of what this device was acknowledged
elsewhere in the last 10 minutes, it is said, and the exit code is 3. With --titles, on your own chart, bundles of which parts are
missing here are named, and the exit code is 3.`,
    examples: ['record list', 'record list --titles', 'record list --patient anna --as house'],
    load: async () => (await import('./listRecords.ts')).listRecords,
  });
  addVerb(record, {
    name: 'get <record>',
    about: 'fetch, check and open a record',
    args: RECORD,
    options: [
      patient(),
      purpose(),
      new Option('--number <version>', 'an older version (default: the newest)').argParser(count),
      new Option('-o, --out <file>', 'write to this file (default: standard output)'),
      new Option('--force', 'with --out: replace the file that is there'),
      new Option(
        '--whole',
        'the whole FHIR bundle that the record is a part of; each part is a view',
      ),
      new Option('--raw', 'the bytes as they were sealed'),
      noWait(),
    ],
    shared: visitor(),
    notes: `A part of a FHIR bundle comes as a FHIR bundle of its own, and a document as its file, by either of its records;
with --whole as its DocumentReference. What was altered is not given out at all. If parts of the bundle are missing here,
nothing is written out with --whole: they are named, and the exit code is 3. While an amendment of the whole bundle is not
finished, --whole gives the bundle before it, and says so.
Reading is an event: the patient’s audit tells it.`,
    examples: [
      'record get 0x3fa8',
      'record get 0x3fa8 --patient anna --out scan.dcm',
      'record get 0x3fa8 --whole --out visit.json',
    ],
    load: async () => (await import('./getRecord.ts')).getRecord,
  });
  addVerb(record, {
    name: 'amend <record> <file>',
    about: 'put a new version of a record on a chart',
    args: { ...RECORD, file: 'the new content; -: standard input' },
    options: [
      patient(),
      purpose(),
      new Option('--whole', 'the file is the whole FHIR bundle that the record is a part of'),
      ...waits(),
    ],
    shared: [...visitor(), yes()],
    notes: `A part of a FHIR bundle is amended by a FHIR bundle as "record get" shows it, or by one resource where it holds one, and gets
a Provenance; nothing else takes its place, and no entry gets into another category so.
Older versions stay in the record’s history.`,
    examples: [
      'record amend 0x3fa8 corrected.pdf --patient anna',
      'record amend 0x3fa8 visit.json --whole --patient anna --yes',
    ],
    load: async () => (await import('./amendRecord.ts')).amendRecord,
  });
  addVerb(record, {
    name: 'withdraw <record>',
    about: 'leave nothing of a record from now on',
    args: RECORD,
    options: [patient(), purpose(), ...waits()],
    shared: [...visitor(), yes()],
    notes:
      'Its next version is empty. Older versions stay in its history: "record get --number" reads them.',
    examples: ['record withdraw 0x3fa8', 'record withdraw 0x3fa8 --patient anna --yes'],
    load: async () => (await import('./amendRecord.ts')).withdrawRecord,
  });
  addVerb(record, {
    name: 'erase <category>',
    about: 'destroy the keys of all your records of a category so far, for good',
    args: { category: CATEGORIES.join(', ') },
    shared: [...visitor(), yes()],
    notes: `Your keys turn, and what is added afterwards is read as before. Entries stay in the logs, and sealed files where
they lie; nobody opens them any more, but for who kept a key or what was read.`,
    examples: ['record erase imaging', 'record erase reports --yes'],
    load: async () => (await import('./eraseRecords.ts')).eraseRecords,
  });
}
