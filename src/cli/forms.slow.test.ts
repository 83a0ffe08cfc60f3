import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startPeople, type People, type Person } from './test/startPeople.ts';

let people: People;
let anna: Person;

before(async () => {
  people = await startPeople();
  anna = await people.enrolled('anna', 'patient');
});
after(async () => {
  await people.end();
});

interface Listed {
  readonly already?: boolean;
  readonly records: readonly { readonly record: string; readonly category: string }[];
}

describe('a form on the command line', () => {
  it('shows what is signed, becomes a record of its kind, and is on the chart once', async () => {
    const values = ['--set', 'substance=Penicillin', '--set', 'criticality=high'];
    const args = ['record', 'add', '--form', 'allergy', ...values, '--yes'];
    const shown = await anna.run(...args);
    assert.equal(shown.code, 0, shown.stderr);
    assert.match(
      shown.stderr,
      /\n {4}allergies, .*\n {6}known: allergy\n {6}substance: Penicillin\n {6}criticality: high\n {6}certainty: confirmed\n {6}status: active\n {2}from the form allergy,/,
    );
    const again = await anna.ask<Listed>(...args);
    assert.equal(again.already, true);
    const { records } = await anna.ask<Listed>('record', 'list');
    assert.deepEqual(
      records.map(({ category }) => category),
      ['allergies'],
    );
    const opened = await anna.run('record', 'get', again.records[0]?.record ?? '');
    assert.match(opened.stdout, /"criticality": "high"[^]*"AllergyIntolerance"/);
  });

  it('takes its values from a JSON file too, numbers among them', async () => {
    const file = join(people.folder, 'vitals.json');
    await writeFile(file, '{"measured": "2026-03-14T09:30Z", "systolic": 128, "diastolic": "84"}');
    const args = ['record', 'add', file, '--form', 'vital-signs', '--set', 'pulse=72', '--yes'];
    const { records } = await anna.ask<Listed>(...args);
    assert.deepEqual(
      records.map(({ category }) => category),
      ['vitals'],
    );
  });

  it('is refused with the name of the field that is wrong, and nothing is signed', async () => {
    const list = join(people.folder, 'list.json');
    await writeFile(list, '["pulse", 72]');
    const wrong: readonly (readonly [RegExp, ...string[]])[] = [
      [/substance: it is missing/, '--form', 'allergy', '--set', 'reaction=Rash'],
      [
        /it is empty; the fields of vital-signs are measured \(2026-03-14T09:30\), required; /,
        '--form',
        'vital-signs',
      ],
      [
        /pulse: must be at most 350/,
        '--form',
        'vital-signs',
        '--set',
        'measured=2026-03-14T09:30',
        '--set',
        'pulse=400',
      ],
      [
        /--set pulse: the fields of allergy are known \(allergy, none, no-drug\); substance, required;/,
        '--form',
        'allergy',
        '--set',
        'pulse=72',
      ],
      [
        /--set dose: it was given twice/,
        '--form',
        'vaccination',
        '--set',
        'dose=1',
        '--set',
        'dose=2',
      ],
      [/<field>=<value>/, '--form', 'allergy', '--set', 'substance'],
      [/must be one of|allergy, problem/, '--form', 'gossip'],
      [/name the form with --form/, '--set', 'pulse=72'],
      [/it must hold a JSON object/, list, '--form', 'vital-signs'],
      [
        /--form problem: on their own chart, people fill in allergy, vital-signs/,
        '--form',
        'problem',
        '--set',
        'problem=Asthma',
      ],
      [/name a file, or a form/],
    ];
    const before = await anna.ask<Listed>('record', 'list');
    for (const [reason, ...args] of wrong) {
      const { code, stderr } = await anna.run('record', 'add', ...args, '--yes');
      assert.notEqual(code, 0, args.join(' '));
      assert.match(stderr, reason, args.join(' '));
    }
    const { records } = await anna.ask<Listed>('record', 'list');
    assert.deepEqual(records, before.records);
  });
});
