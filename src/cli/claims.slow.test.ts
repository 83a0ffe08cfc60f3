import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runMedseal } from './test/runMedseal.ts';
import { startPeople, type People, type Person } from './test/startPeople.ts';

interface Told {
  readonly claim: string;
  readonly state: string;
  readonly payee: string;
  readonly approved: number;
  readonly already: boolean;
  readonly file?: string;
  readonly records: readonly string[];
  readonly parties: { readonly claimant: string; readonly payee: string };
}

/** The answer of `unit show`. */
interface Units {
  readonly balance: number;
  readonly accounts: readonly { readonly claim: string; readonly balance: number }[];
}

let people: People;
/** Two patients, two doctors and an insurer. */
let anna: Person;
let bertha: Person;
let house: Person;
let wilson: Person;
let ivan: Person;
/** The policy, the treatment, and what the insurer asks for. */
let coverage: string;
let treated: string;
let result: string;
/** The record of the second doctor. */
let advice: string;
/** Addresses of the doctors. */
let first: string;
let second: string;
let claim: string;

const at = (name: string): string => join(people.folder, name);

before(async () => {
  people = await startPeople();
  anna = await people.enrolled('anna', 'patient');
  bertha = await people.enrolled('bertha', 'patient');
  house = await people.enrolled('house', 'doctor');
  wilson = await people.enrolled('wilson', 'doctor');
  ivan = await people.enrolled('ivan', 'insurer', 'insurer');
  for (const who of [anna, house, wilson, ivan]) {
    await who.ask(who === anna ? 'patient' : 'party', 'card', '--out', at(`${who.name}.card`));
  }
  const terms = ['--category', 'billing,coverage,medications', '--action', 'read,add', '--yes'];
  await anna.ask('grant', at('house.card'), ...terms);
  const further = ['--category', 'medications', '--action', 'read,add', '--yes'];
  await anna.ask('grant', at('wilson.card'), ...further);
  for (const name of ['policy', 'visit', 'result', 'advice']) await writeFile(at(name), name);
  coverage = await added(anna, 'policy', '-c', 'coverage');
  treated = await added(house, 'visit', '-p', at('anna.card'), '-c', 'medications');
  result = await added(house, 'result', '-p', at('anna.card'), '-c', 'medications');
  advice = await added(wilson, 'advice', '-p', at('anna.card'), '-c', 'medications');
  [first, second] = [await addressOf(house), await addressOf(wilson)];
  const issuing = ['unit', 'issue', await addressOf(ivan), '--amount', '100', '--at', 'insurer'];
  const issued = await runMedseal(...issuing, '--data', people.network, '--yes');
  assert.equal(issued.code, 0, issued.stdout + issued.stderr);
});
after(async () => {
  await people.end();
});

describe('a claim on the command line', () => {
  it('that a doctor makes for a patient names a payee, and no other than one who wrote a record of it', async () => {
    await refused(house, 'PARTY_UNKNOWN', ...submitting(`0x${'5a'.repeat(20)}`));
    const without = submitting(at('wilson.card')).filter(
      (each) => ![advice, '--rests'].includes(each),
    );
    await refused(house, 'ARGUMENT_INVALID', ...without);
    await refused(
      house,
      'ARGUMENT_INVALID',
      ...submitting(at('wilson.card')).slice(0, -3),
      '--yes',
    );
    ({ claim } = await house.ask<Told>(...submitting(at('wilson.card'))));
    await refused(house, 'ARGUMENT_INVALID', 'claim', 'place', at('claim.json'), '--yes');
    await refused(bertha, 'RIGHT_MISSING', 'claim', 'permit', at('claim.json'), '--yes');
    await anna.ask('claim', 'permit', at('claim.json'), '--yes');
    await refused(wilson, 'RIGHT_MISSING', 'claim', 'place', at('claim.json'), '--yes');
    const placed = await house.ask<Told>('claim', 'place', at('claim.json'), '--yes');
    assert.deepEqual([placed.claim, placed.already], [claim, false]);
    const shown = await house.ask<Told>('claim', 'show', claim);
    const { parties } = shown;
    assert.deepEqual([parties.claimant, parties.payee], [first, second], 'for those who may know');
    assert.ok(![first, second].includes(shown.payee), 'an account of this claim');
  });

  // @attack a patient gives a claim’s file back with other amounts or payees, for its claimant to sign | what the file says is shown before it is signed
  it('is shown as its file says it before it is signed, for the patient can have altered it', async () => {
    const text = await readFile(at('claim.json'), 'utf8');
    const other = text.replace('"amount": 10000', '"amount": 100');
    assert.notEqual(other, text);
    await writeFile(at('altered.json'), other);
    const { code, stderr } = await house.run('claim', 'place', at('altered.json'));
    assert.notEqual(code, 0);
    assert.match(stderr, /claim 1\.00 of a bill of 100\.00 from .*\n.*paid to /);
    const { claims } = await house.ask<{ claims: readonly Told[] }>('claim', 'list');
    assert.equal(claims.length, 1);
  });

  // @attack whoever claims for a patient has further records permitted though no insurer asked | refused before a right is given
  it('is answered for a patient with further records, once the insurer asked and the patient permitted them', async () => {
    const answer = ['claim', 'answer', claim, '--rests', result, '--yes'];
    const [out, permit, place] = [
      ['--out', at('answer.json')],
      ['claim', 'permit', at('answer.json'), '--yes'],
      ['claim', 'place', at('answer.json'), '--yes'],
    ];
    await refused(house, 'RULE_REFUSED', ...answer, ...out);
    await ivan.ask('claim', 'ask', claim, '--yes');
    await refused(house, 'ARGUMENT_INVALID', ...answer);
    await refused(anna, 'ARGUMENT_INVALID', ...answer, ...out);
    await refused(anna, 'RIGHT_MISSING', ...answer);
    await refused(
      house,
      'NOT_FOUND',
      'claim',
      'answer',
      claim,
      '--rests',
      `0x${'5a'.repeat(32)}`,
      ...out,
    );
    await refused(house, 'ARGUMENT_INVALID', 'claim', 'answer', claim, '--rests', treated, ...out);
    const prepared = await house.ask<Told>(...answer, ...out);
    assert.deepEqual([prepared.state, prepared.file], ['asked', at('answer.json')]);
    await refused(house, 'ARGUMENT_INVALID', ...place);
    await refused(bertha, 'RIGHT_MISSING', ...permit);
    const permitted = await anna.ask<Told>(...permit);
    assert.deepEqual(permitted.records, [result]);
    const before = await readFile(at('answer.json'));
    assert.equal((await house.ask<Told>(...place)).already, false);
    assert.equal((await house.ask<Told>(...place)).already, true);
    await refused(anna, 'RULE_REFUSED', ...permit);
    assert.deepEqual(
      await readFile(at('answer.json')),
      before,
      'nothing is given once it is answered',
    );
    await refused(house, 'RULE_REFUSED', ...answer, ...out);
  });

  it('is approved by its insurer, and held until its term ends', async () => {
    const shown = await ivan.ask<Told>('claim', 'show', claim);
    assert.ok(shown.records.includes(result), 'the insurer reads what was answered');
    const approving = ['claim', 'approve', claim, '--amount'];
    await refused(ivan, 'ARGUMENT_INVALID', ...approving, '100.01', '--yes');
    const asking = await ivan.run(...approving, '60');
    assert.match(asking.stderr, /hold 60\.00 for .*, paid after the term/, 'before a yes');
    const approved = await ivan.ask<Told>(...approving, '60', '--yes');
    assert.deepEqual([approved.state, approved.approved], ['approved', 6_000]);
    assert.equal((await ivan.ask<Units>('unit', 'show')).balance, 4_000);
    await refused(house, 'RULE_REFUSED', 'claim', 'lapse', claim);
    const readers = ['--category', 'billing', '--action', 'read', '--yes'];
    await anna.ask('grant', at('wilson.card'), ...readers);
    assert.deepEqual((await wilson.ask<Units>('unit', 'show')).accounts, [], 'nothing is paid yet');
    const redeeming = ['unit', 'redeem', '--claim', claim, '--at', 'insurer', '--yes'];
    await refused(ivan, 'RIGHT_MISSING', ...redeeming, '--amount', '5', '--out', at('no.json'));
  });

  it('is made by the patient with the bill of whoever treated, and with no other', async () => {
    const what = ['--coverage', coverage, '--treatment', result, '--insurer', at('ivan.card')];
    const submit = ['claim', 'submit', ...what, '--line', 'Test=20.00', '--yes'];
    const billing = ['claim', 'bill', '-p', at('anna.card'), '--treatment', result];
    const writing = ['--out', at('bill.json'), '--yes'];
    await refused(anna, 'ARGUMENT_INVALID', ...submit);
    await refused(wilson, 'NOT_FOUND', ...billing, '--total', '20.00', ...writing);
    await house.ask(...billing, '--total', '30.00', ...writing);
    await refused(anna, 'ARGUMENT_INVALID', ...submit, '--bill', at('bill.json'));
    await refused(anna, 'ARGUMENT_INVALID', ...submit, '--bill', at('claim.json'));
    await house.ask(...billing, '--total', '20.00', ...writing);
    const { already } = await anna.ask<Told>(...submit, '--bill', at('bill.json'));
    assert.equal(already, false);
  });
});

function submitting(other: string): readonly string[] {
  const what = [
    '--coverage',
    coverage,
    '--treatment',
    treated,
    '--rests',
    advice,
    '--line',
    'Visit=100.00',
  ];
  const who = ['-p', at('anna.card'), '--insurer', at('ivan.card'), '--payee', other];
  return ['claim', 'submit', ...who, ...what, '--out', at('claim.json'), '--yes'];
}

async function refused(who: Person, code: string, ...args: readonly string[]): Promise<void> {
  const { stdout, stderr } = await who.run(...args, '--json');
  const { error } = JSON.parse(stdout) as { error?: { code: string } };
  assert.equal(error?.code, code, `${who.name} ${args.join(' ')}: ${stdout}${stderr}`);
}

async function addressOf(who: Person): Promise<string> {
  return (await who.ask<{ party: string }>('party', 'show')).party;
}

async function added(who: Person, file: string, ...where: readonly string[]): Promise<string> {
  const { records } = await who.ask<{ records: readonly { record: string }[] }>(
    'record',
    'add',
    at(file),
    ...where,
    '--yes',
  );
  return records[0]?.record ?? assert.fail();
}
