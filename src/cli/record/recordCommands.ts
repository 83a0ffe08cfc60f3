import type { Command } from 'commander';
import { CATEGORIES } from '../../protocol/vocabulary.ts';
import { as, home, networkOption, passphraseFile, visitor, yes } from '../program/sharedOptions.ts';
import { calledAs } from '../program/calledAs.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import {
  RECORD_ADD,
  RECORD_AMEND,
  RECORD_CERTIFICATE,
  RECORD_GET,
  RECORD_KEPT,
  RECORD_LIST,
  RECORD_OBJECT,
  RECORD_WITHDRAW,
} from './recordOptions.ts';

const RECORD = { record: 'the record, or the beginning of its id' };

/**
 * Adds the commands for records.
 *
 * @param program - The command line.
 */
export function addRecordCommands(program: Command): void {
  const record = addNoun(program, 'record', 'add, list, read, amend and withdraw records');
  addVerb(record, {
    name: 'add [file]',
    about: 'seal a file, or an entry of a form, and put it on a patient’s chart',
    args: { file: 'the file; -: standard input; with --form: a JSON object of values' },
    options: RECORD_ADD,
    shared: [...visitor(), yes()],
    notes: `FHIR R4 in JSON, a bundle or one resource, is validated (cardinality, types, formats, invariants, and the codes of
required value sets; other codes are not looked up, and references are not resolved) and split: each category becomes a record that can be shared
alone. FHIR in another form (XML, NDJSON, UTF-16, a list, malformed JSON) is refused, and so is a .json file without FHIR;
with --type you can add it as a document. Any other file, of any size, becomes a document of two records: its bytes, and a DocumentReference that describes
them. Both are in reports, or in imaging if the file is an image, or in --category.
With --kind, your role must be one that writes such records (docs/use/vital-records.md), and FHIR must have what they need;
a document says what it is. On your own chart you may put a copy of anything.
Before you sign, you see the name and birth date in FHIR. If you may read the chart’s demographics, they are compared with
it, and FHIR of another patient is refused. It is safe to run twice: this device does not add the same file again.
With --form, FHIR is made of the values that you --set, or of a JSON file with them;
without any, you see which fields the form has.`,
    examples: [
      'record add visit.json --patient anna',
      'record add scan.dcm --patient anna --title "Chest, 2 views" --receipts receipts',
      'record add bill.pdf --patient anna --kind bill',
      'record add --form allergy --set substance=Penicillin --set criticality=high --patient anna',
      'record add - --title readings.csv --category vitals < readings.csv',
    ],
    interrupted: 'Some of the file may be on the chart: "record list" shows it.',
    gives: async () => (await import('./recordAnswers.ts')).RECORDS_ADDED,
    load: async () => (await import('./addRecord.ts')).addRecords,
  });
  addVerb(record, {
    name: 'list',
    about: 'list the records of a chart that you may see',
    options: RECORD_LIST,
    shared: visitor(),
    notes: `Titles are sealed in the records: the list shows those of records that this device has opened or added. Each look is
recorded: the patient’s audit shows it. The exit code is 3, with a warning, if the node does not have
everything yet that this device wrote through other nodes in the last 10 minutes; with --titles on your own chart, if
parts of a bundle are missing here; and, with --complete, if too few coordinators answered. It is 1 if they count otherwise.`,
    examples: [
      'record list',
      'record list --titles',
      'record list --patient anna --as house --complete',
    ],
    interrupted: 'Nothing was changed. The patient’s audit may show that you looked.',
    gives: async () => (await import('./recordAnswers.ts')).RECORDS_LISTED,
    load: async () => (await import('./listRecords.ts')).listRecords,
  });
  addVerb(record, {
    name: 'get <record>',
    about: 'fetch, verify and open a record',
    args: RECORD,
    options: RECORD_GET,
    shared: visitor(),
    notes: `A part of a FHIR bundle comes as a FHIR bundle of its own. A document comes as its file, whichever of its two
records you name; with --whole, as its DocumentReference. Altered records are refused. If parts of a bundle are missing here,
--whole writes nothing, names the parts, and exits with code 3. While an amendment of the whole bundle is unfinished, --whole
gives the bundle from before it, and says so.
If the author’s role does not write records of the kind that it says to be, you are told.
Each read is recorded: the patient’s audit shows it. In a channel with a release key, opening takes shares of as many organisations
as the quorum for views. A false share does no harm if enough others release; "medseal verify" of the saved proof
names the liar.

With --keep the patient’s audit also shows until when this device may open the record
again, with --kept, while no node can be reached; nobody sees how often. Then the device deletes it.`,
    examples: [
      'record get 0x3fa8',
      'record get 0x3fa8 --patient anna --out note.json --releases releases',
      'record get 0x3fa8 --patient anna --out scan.dcm',
      'record get 0x3fa8 --patient anna --keep 12h --out scan.dcm',
      'record get 0x3fa8 --kept --out scan.dcm',
      'record get 0x3fa8 --whole --out visit.json',
    ],
    interrupted: 'Nothing was changed. The patient’s audit may show that you looked.',
    gives: async () => (await import('./recordAnswers.ts')).RECORD_GOT,
    load: async () => (await import('./getRecord.ts')).getRecord,
  });
  addVerb(record, {
    name: 'kept',
    about: 'list the records that this device keeps, or remove one of them',
    options: RECORD_KEPT,
    shared: [home(), as(), networkOption(), passphraseFile()],
    notes: 'No node is asked. A record whose time is over is deleted.',
    examples: ['record kept', 'record kept --as house', 'record kept --remove 0x3fa8'],
    gives: async () => (await import('./recordAnswers.ts')).RECORDS_KEPT,
    load: async () => (await import('./listKept.ts')).listKeptRecords,
  });
  addVerb(record, {
    name: 'amend <record> <file>',
    about: 'put a new version of a record on a chart',
    args: { ...RECORD, file: 'the new content; -: standard input' },
    options: RECORD_AMEND,
    shared: [...visitor(), yes()],
    notes: `Amend a part of a FHIR bundle with a FHIR bundle as "record get" gives it, or with one resource if it holds one. The
part gets a Provenance. Nothing else can replace it, and no entry can change its category this way.
Older versions stay in the record’s history.`,
    examples: [
      'record amend 0x3fa8 corrected.pdf --patient anna',
      'record amend 0x3fa8 visit.json --whole --patient anna --yes',
    ],
    interrupted: 'The new version may be on the chart: "record list" shows it then.',
    gives: async () => (await import('./recordAnswers.ts')).RECORDS_ADDED,
    load: async () => (await import('./amendRecord.ts')).amendRecord,
  });
  addVerb(record, {
    name: 'withdraw <record>',
    about: 'withdraw a record: its next version is empty',
    args: RECORD,
    options: RECORD_WITHDRAW,
    shared: [...visitor(), yes()],
    notes: `Older versions stay in the record’s history: "record get --number" reads them. On your own chart you withdraw what you
added; to what others wrote, object.`,
    examples: ['record withdraw 0x3fa8', 'record withdraw 0x3fa8 --patient anna --yes'],
    interrupted: 'The new version may be on the chart: "record list" shows it then.',
    gives: async () => (await import('./recordAnswers.ts')).RECORDS_ADDED,
    load: async () => (await import('./amendRecord.ts')).withdrawRecord,
  });
  addVerb(record, {
    name: 'object <record>',
    about: 'say on your own chart that you disagree with a record of someone else',
    args: RECORD,
    options: RECORD_OBJECT,
    shared: [...visitor(), yes()],
    notes: `Your objection stands beside the record, which stays as its author wrote it. Everyone who may read the record reads
both; nobody but you can change or withdraw your words. The author hears of it by a letter, and is to answer it in the days that the
network states: "${calledAs('mistake due')}" shows the date. The same words again are added once. To write to the author alone, use
"${calledAs('mistake report')}".`,
    examples: ['record object 0x3fa8 --words "I have never had asthma."'],
    interrupted: 'The objection may be on the chart: "record list" shows it then.',
    gives: async () => (await import('./recordAnswers.ts')).RECORDS_ADDED,
    load: async () => (await import('./objectToRecordVerb.ts')).objectToRecordVerb,
  });
  addErasureVerbs(record);
}

/** Adds the commands that erase, and certify it. */
function addErasureVerbs(record: Command): void {
  addVerb(record, {
    name: 'erase <category>',
    about:
      'destroy the keys of all your present records of a category for good, and have their files deleted',
    args: { category: CATEGORIES.join(', ') },
    shared: [...visitor(), yes()],
    notes: `One record alone cannot be erased: the records of a category have their keys in common. You get new keys, and
records that are added afterwards can be read as usual. Then the log gets your signed erasure: from then on nodes show the
erased records to nobody, and delete their sealed files. The entries stay in the logs. Somebody who kept a copy still has it.
If your chart has no such record, the command says so and changes nothing.`,
    examples: ['record erase imaging', 'record erase reports --yes'],
    interrupted: 'Some of the keys may be destroyed. Run it again: it goes on from there.',
    gives: async () => (await import('./recordAnswers.ts')).RECORDS_ERASED,
    load: async () => (await import('./eraseRecords.ts')).eraseRecords,
  });
  addVerb(record, {
    name: 'certificate <category>',
    about:
      'have every organisation state that it destroyed what you erased, and save the certificate',
    args: { category: CATEGORIES.join(', ') },
    options: RECORD_CERTIFICATE,
    shared: visitor(),
    notes: `Each organisation signs two dates: when its running node had destroyed all of it, and when no backup had it any more, by its operator’s
word. If one does not answer, or is still deleting, the exit code is 3: run the command again with the same file. It is 1 if an
organisation served erased records after its own date. The look at your chart that this takes is an entry too. "medseal verify"
verifies the file, without a node. It does not reach copies that readers, their devices or archives have.`,
    examples: ['record certificate imaging --out erased-imaging.json'],
    interrupted: 'Run it again: it asks for what is missing.',
    gives: async () => (await import('./recordAnswers.ts')).ERASURE_CERTIFIED,
    load: async () => (await import('./certifyErasureVerb.ts')).certifyErasureVerb,
  });
}
