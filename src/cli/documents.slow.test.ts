import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { refused } from './test/refused.ts';
import { startPeople, type People, type Person } from './test/startPeople.ts';

let people: People;
let anna: Person;
let scan: string;
/** A DICOM file as far as its first bytes say. */
const dicom = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), randomBytes(17_000_000)]);

before(async () => {
  people = await startPeople();
  anna = await people.enrolled('anna', 'patient');
  scan = join(people.folder, 'scan.bin');
  await writeFile(scan, dicom);
});

after(async () => {
  await people.end();
});

interface Listed {
  readonly already?: boolean;
  readonly records: readonly {
    readonly record: string;
    readonly category: string;
    readonly what?: string;
    readonly title?: string;
    readonly withdrawn?: boolean;
  }[];
}

interface Erased {
  readonly ok: boolean;
  readonly erased: boolean;
  readonly epoch: number;
}

async function add(...args: readonly string[]): Promise<Listed> {
  return await anna.ask<Listed>('record', 'add', ...args, '--yes');
}

describe('a file that is not FHIR', () => {
  it('is a document, which is shown by its title and given back whole by either of its records', async () => {
    const shown = await anna.run('record', 'add', scan, '--title', 'Chest, 2 views', '--yes');
    assert.equal(shown.code, 0, shown.stderr);
    assert.match(shown.stderr, /\n {4}imaging, 17\.0 MB: Chest, 2 views, application\/dicom\n/);
    const { records } = await anna.ask<Listed>('record', 'list', '--titles');
    assert.deepEqual(
      records.map(({ category, title }) => [category, title]),
      [
        ['imaging', 'Chest, 2 views (application/dicom)'],
        ['imaging', 'about Chest, 2 views (application/dicom)'],
      ],
    );
    const { pid } = spawnSync(process.execPath, ['--version']);
    for (const [place, { record }] of records.entries()) {
      const out = join(people.folder, `opened-${place}`);
      // One that was killed left what is in the clear, and it goes.
      await writeFile(`${out}.arriving-${pid}-0123456789ab`, 'a secret');
      const { record: given, contentType } = await anna.ask<{
        record: string;
        contentType?: string;
      }>('record', 'get', record, '--out', out);
      assert.equal(given, records[0]?.record);
      // The record that describes the file names its type; the file itself does not.
      assert.equal(contentType, place === 1 ? 'application/dicom' : undefined);
      assert.equal(Buffer.compare(await readFile(out), dicom), 0);
    }
    assert.deepEqual(
      (await readdir(people.folder)).filter((name) => name.startsWith('opened-')),
      ['opened-0', 'opened-1'],
    );
    const told = await anna.run('record', 'get', records[1]?.record ?? '', '--whole');
    const { entry } = JSON.parse(told.stdout) as { entry: { resource: { content: object[] } }[] };
    assert.match(JSON.stringify(entry[0]?.resource.content), /"size":17000132,/);
  });

  it('is what its bytes say, whatever it is called', async () => {
    const file = join(people.folder, 'export.txt');
    for (const [bytes, type, category] of [
      ['MSH|^~\\&|LAB|||20260101||ORU^R01|1|P|2.5\r', 'application/hl7-v2', 'reports'],
      ['<ClinicalDocument xmlns="urn:hl7-org:v3"/>', 'application/cda+xml', 'reports'],
      ['<AnnotatedECG xmlns="urn:hl7-org:v3"/>', 'application/x-hl7-aecg+xml', 'reports'],
      ['\0\0\0\u0018ftypheic\0\0\0\0mif1heic', 'image/heic', 'imaging'],
    ] as const) {
      await writeFile(file, bytes);
      const { records } = await add(file);
      assert.deepEqual(
        records.map((each) => each.category),
        [category, category],
      );
      const told = await anna.run('record', 'get', records[1]?.record ?? '', '--whole');
      assert.ok(told.stdout.includes(`"contentType": "${type}"`), told.stdout);
    }
  });

  it('is what its options say: media type, title, category', async () => {
    const ecg = await anna.type('ecg', 'record', 'add', '-', '-t', 'application/x-edf', '-y');
    assert.match(ecg.stderr, /\n {4}reports, 3 bytes: standard input, application\/x-edf\n/);
    const notes = await anna.type(
      'a,b',
      'record',
      'add',
      '-',
      '-c',
      'vitals',
      '-y',
      '--title',
      'x.csv',
    );
    assert.match(notes.stderr, /\n {4}vitals, 3 bytes: x.csv, text\/csv\n/);
    const { records } = await anna.ask<Listed>('record', 'list', '--titles');
    assert.deepEqual(
      records.slice(-2).map(({ category, title }) => [category, title]),
      [
        ['vitals', 'x.csv (text/csv)'],
        ['vitals', 'about x.csv (text/csv)'],
      ],
    );
  });

  it('is amended and withdrawn with what tells of it', async () => {
    const file = join(people.folder, 'letter.txt');
    await writeFile(file, 'Dear colleague');
    const { records } = await add(file);
    assert.deepEqual(
      records.map(({ category, what }) => [category, what]),
      [
        ['reports', 'file'],
        ['reports', 'what it is'],
      ],
    );
    const [bytes = '', reference = ''] = records.map(({ record }) => record);
    await anna.type('Dear friend', 'record', 'amend', reference, '-', '--yes');
    assert.equal((await anna.run('record', 'get', reference)).stdout, 'Dear friend');
    assert.equal((await anna.run('record', 'get', bytes)).stdout, 'Dear friend');
    await anna.ask('record', 'withdraw', reference, '--yes');
    const listed = await anna.ask<Listed>('record', 'list');
    const gone = listed.records.filter(({ record }) => [bytes, reference].includes(record));
    assert.deepEqual(
      gone.map(({ withdrawn }) => withdrawn),
      [true, true],
    );
    refused(await anna.run('record', 'get', bytes), 'ARGUMENT_INVALID', 2);
    // A withdrawn file may be added again.
    assert.equal((await add(file)).already, undefined);
  });
});

describe('adding what this device added before', () => {
  it('adds nothing, says so, and gives the first records', async () => {
    const file = join(people.folder, 'plan.md');
    await writeFile(file, '# Plan');
    const first = await add(file);
    const many = (await anna.ask<Listed>('record', 'list')).records.length;
    const again = await anna.run('record', 'add', file);
    assert.equal(again.code, 0, 'nothing is to be signed, so nobody is asked');
    assert.match(
      again.stdout,
      /^This device added the same file before; --again adds it once more\.\n\n/,
    );
    const copy = join(people.folder, 'copy.md');
    await writeFile(copy, '# Plan');
    const { already, records } = await add(copy);
    assert.equal(already, true);
    assert.deepEqual(records, first.records);
    assert.equal((await anna.ask<Listed>('record', 'list')).records.length, many);
    assert.equal((await add(file, '--again')).already, undefined);
    assert.equal((await anna.ask<Listed>('record', 'list')).records.length, many + 2);
    assert.equal((await add(file, '--category', 'plans')).already, undefined);
  });
});

describe('a list of records', () => {
  interface Titles {
    readonly records: readonly { readonly record: string; readonly title?: string }[];
  }

  it('has the titles that the device knows, which opens nothing, and knows those that it opened', async () => {
    const file = join(people.folder, 'known.txt');
    await writeFile(file, 'Dear colleague');
    const { records } = await add(file, '--title', 'A letter to keep');
    const added = records.map(({ record }) => record);
    const titles = async (person: Person, ...args: readonly string[]): Promise<unknown> => {
      const listed = await person.ask<Titles>('record', 'list', ...args);
      return listed.records
        .filter(({ record }) => added.includes(record))
        .map(({ title }) => title);
    };
    const known = ['A letter to keep (text/plain)', 'about A letter to keep (text/plain)'];
    assert.deepEqual(await titles(anna), known);
    const { events } = await anna.ask<{ events: readonly { text: string }[] }>('audit');
    const seen = events.filter(({ text }) => / opened record /.test(text));
    assert.deepEqual(
      seen.filter(({ text }) => added.some((record) => text.includes(record.slice(0, 10)))),
      [],
    );
    await anna.ask('record', 'list', '--titles');
    assert.deepEqual(await titles(anna), known);
    const folder = join(people.folder, 'anna/parties/anna/device');
    for (const name of await readdir(folder)) {
      assert.ok(!(await readFile(join(folder, name), 'utf8')).includes('letter'), name);
    }
  });
});

describe('erasing a category', () => {
  it('leaves records that nobody opens, and takes new ones', async () => {
    const file = join(people.folder, 'bill.txt');
    await writeFile(file, 'paid');
    // Neither asks for a confirmation, nor spends an epoch.
    assert.match((await anna.run('record', 'erase', 'billing')).stdout, /^There is nothing to /);
    const [before] = (await add(file, '--raw', '--category', 'billing')).records;
    refused(await anna.run('record', 'erase', 'billing'), 'NOT_CONFIRMED');
    refused(await anna.run('record', 'erase', 'bills', '--yes'), 'ARGUMENT_INVALID', 2);
    const { erased } = await anna.ask<Erased>('record', 'erase', 'billing', '--yes');
    assert.equal(erased, true);
    const again = await anna.ask<Erased>('record', 'erase', 'billing', '--yes');
    assert.deepEqual([again.ok, again.erased, again.epoch], [true, false, 0]);
    const id = before?.record ?? '';
    refused(await anna.run('record', 'get', id), 'RECORD_ERASED', 1);
    const { records } = await anna.ask<Listed>('record', 'list', '--titles');
    assert.equal(records.find(({ record }) => record === id)?.title, 'erased');
    const [after] = (await add(file, '--raw', '--category', 'billing', '--again')).records;
    assert.equal((await anna.run('record', 'get', after?.record ?? '')).stdout, 'paid');
  });
});

describe('a file that is FHIR', () => {
  const patient = { resourceType: 'Patient', gender: 'female' };

  it('is sorted by what it says, also if it is one resource, and is added once', async () => {
    const file = join(people.folder, 'patient.json');
    await writeFile(file, JSON.stringify(patient, null, 2));
    const first = await add(file);
    assert.deepEqual(
      first.records.map(({ category }) => category),
      ['demographics'],
    );
    const { already, records } = await add(file);
    assert.deepEqual([already, records], [true, first.records]);
    const read = await anna.run('record', 'get', first.records[0]?.record ?? '');
    assert.deepEqual((JSON.parse(read.stdout) as { entry: object[] }).entry, [
      { resource: patient },
    ]);
  });

  it('is refused where it is of another patient, after both were shown, unless its author insists', async () => {
    const file = join(people.folder, 'named.json');
    const named = async (family: string): Promise<void> => {
      const name = [{ given: ['Anna'], family }];
      await writeFile(file, JSON.stringify({ ...patient, name, birthDate: '1961-02-03' }));
    };
    await named('Schmidt');
    const first = await anna.run('record', 'add', file, '--yes');
    assert.match(first.stderr, /the file is about Anna Schmidt, born 1961-02-03\n/);
    assert.match(first.stderr, /\n {2}validated: .*; not checked: other codes, references\n/);
    await named('Schulz');
    const other = await anna.run('record', 'add', file, '--yes');
    refused(other, 'PATIENT_DIFFERS');
    assert.match(
      other.stderr,
      /the file is about Anna Schulz, .*\n(?:.*\n)*the chart is that of Anna Schmidt, /,
    );
    const insisted = await anna.ask<{ patient: string }>(
      'record',
      'add',
      file,
      '--another-patient',
      '--yes',
    );
    assert.equal(insisted.patient, 'different');
  });

  it('is not a document by mistake where it is a little off: it is understood, or refused with what to do', async () => {
    const file = join(people.folder, 'off.json');
    const goal = JSON.stringify({
      resourceType: 'Goal',
      lifecycleStatus: 'active',
      description: { text: 'Walk.' },
      subject: { display: 'Anna' },
    });
    await writeFile(file, `\ufeff\n${goal}`);
    const { records } = await add(file);
    assert.deepEqual(
      records.map(({ category }) => category),
      ['plans'],
    );
    for (const [what, text] of [
      ['not well-formed JSON', goal.replace(/}$/, ',}')],
      ['NDJSON', `${goal}\n${goal}\n`],
      ['Goal.lifecycleStatus: appears twice', goal.replace('{', '{"lifecycleStatus":"proposed",')],
    ] as const) {
      await writeFile(file, text);
      const run = await anna.run('record', 'add', file, '--yes');
      refused(run, 'FHIR_INVALID');
      assert.ok(run.stderr.includes(what), run.stderr);
      assert.match(run.stderr, /--type application\/fhir\+json/);
    }
    await writeFile(file, '<Goal xmlns="http://hl7.org/fhir"/>');
    const xml = await anna.run('record', 'add', file, '--yes');
    refused(xml, 'FHIR_INVALID');
    assert.match(xml.stderr, /convert it to JSON/);
    const document = await add(file, '--type', 'application/fhir+xml');
    assert.deepEqual(
      document.records.map(({ category }) => category),
      ['reports', 'reports'],
    );
  });

  it('is not a document by mistake where it is JSON without FHIR, unless its author says that it is one', async () => {
    const file = join(people.folder, 'steps.json');
    for (const [text, what] of [
      ['{"steps":8412}', /the file holds no FHIR resource \(or add it as a document, with --type/],
      ['{"steps":8412', /the file is not well-formed JSON: .*--type application\/json/],
      ['steps', /the file is not well-formed JSON/],
    ] as const) {
      await writeFile(file, text);
      const run = await anna.run('record', 'add', file, '--yes');
      refused(run, 'FHIR_INVALID');
      assert.match(run.stderr, what);
    }
    await writeFile(file, '{"steps":8412}');
    assert.equal((await add(file, '--category', 'vitals')).records.length, 2);
    await writeFile(file, '{"steps":8413}');
    assert.equal((await add(file, '--type', 'application/json')).records.length, 2);
  });

  it('is not a document by mistake: what is not valid, or too large, is refused', async () => {
    const file = join(people.folder, 'wrong.json');
    await writeFile(file, JSON.stringify({ ...patient, birthDate: 'long ago' }));
    refused(await anna.run('record', 'add', file, '--yes'), 'FHIR_INVALID');
    refused(await anna.run('record', 'add', file, '-c', 'plans', '-y'), 'ARGUMENT_INVALID', 2);
    const large = { resourceType: 'Binary', data: 'A'.repeat(17 * 2 ** 20) };
    await writeFile(file, JSON.stringify(large));
    refused(await anna.run('record', 'add', file, '--yes'), 'ARGUMENT_INVALID', 2);
    const { records } = await add(file, '--type', 'application/fhir+json');
    assert.deepEqual(
      records.map(({ category }) => category),
      ['reports', 'reports'],
    );
  });
});
