// Over 400 lines: each verb has its line in one table, and many take up what the line before left.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Command } from 'commander';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import { foundFolder } from '../node/test/foundFolder.ts';
import { fingerprintOf } from '../protocol/network/fingerprintOf.ts';
import { parseNetworkFile } from '../protocol/network/parseNetworkFile.ts';
import { createProgram } from './createProgram.ts';
import { captureStreams } from './test/captureStreams.ts';
import { commandsIn } from './test/faultOfLine.ts';
import { runMedseal, type Run } from './test/runMedseal.ts';
import { until } from './test/ChannelNodes.ts';
import { startPeople, type People, type Person } from './test/startPeople.ts';

/** A command line that is run again and again. */
interface Line {
  /** At whose device; absent for a verb that needs none. */
  readonly by?: () => Person;
  readonly args: () => readonly (string | undefined)[];
  /** The code that it is refused with when it is done again; it is well if absent. */
  readonly again?: string;
  /** Keeps what other lines need of its answer. */
  readonly keep?: (answer: never) => unknown;
}

let people: People;
let anna: Person;
let house: Person;
/** A device that belongs to no network yet. */
let fresh: Person;
let stopped: string;
/** A second doctor, and a pharmacist. */
let wilson: Person;
let otto: Person;
/** A registrar of another organisation, and a patient who is said to be dead. */
let rita: Person;
let bertha: Person;
/** A mandate that Bertha gave. */
let given: string;
/** A laboratory, and the records of an order to it and of one that is withdrawn. */
let lena: Person;
let [ordered, recalled]: string[] = [];
let [record, request, denied, unwanted, doctor, entry, report, wish]: string[] = [];
let [prescription, replaced]: string[] = [];
/** An insurer, and a verifier of another organisation. */
let ivan: Person;
let vera: Person;
/** A doctor's claim, a patient's own, and one in advance; the policy, and a treatment for each claim. */
let [claim, own, ahead]: string[] = [];
let [coverage, treated, treatedAgain]: string[] = [];

before(async () => {
  people = await startPeople();
  [anna, house] = [
    await people.enrolled('anna', 'patient'),
    await people.enrolled('house', 'doctor'),
  ];
  [wilson, otto] = [
    await people.enrolled('wilson', 'doctor'),
    await people.enrolled('otto', 'pharmacist'),
  ];
  [rita, bertha] = [
    await people.enrolled('rita', 'registrar', 'laboratory'),
    await people.enrolled('bertha', 'patient'),
  ];
  ivan = await people.enrolled('ivan', 'insurer', 'insurer');
  lena = await people.enrolled('lena', 'lab');
  // The one verifier of the one organisation that is on neither side of a claim: she is drawn.
  vera = people.demo('verifier-2');
  fresh = people.device('fresh');
  stopped = at('stopped');
  await foundFolder(stopped);
  for (const [who, noun] of [
    [anna, 'patient'],
    [house, 'party'],
    [wilson, 'party'],
    [rita, 'party'],
    [bertha, 'patient'],
    [ivan, 'party'],
    [vera, 'party'],
    [lena, 'party'],
  ] as const) {
    await who.ask(noun, 'card', '--out', at(`${who.name}.card`));
  }
  const medications = ['--category', 'medications', '--action', 'read,add', '--yes'];
  await anna.ask('grant', at('house.card'), ...medications);
  const billing = ['--category', 'billing,coverage,medications', '--action', 'read,add', '--yes'];
  await anna.ask('grant', at('house.card'), ...billing);
  const ordering = ['--category', 'procedures,reports', '--action', 'read,add,amend', '--yes'];
  await anna.ask('grant', at('house.card'), ...ordering);
  const results = ['--category', 'procedures,reports,laboratory', '--action', 'read,add', '--yes'];
  await anna.ask('grant', at('lena.card'), ...results);
  doctor = (await house.ask<{ party: string }>('party', 'show')).party;
  for (const name of ['note.txt', 'other.txt']) await writeFile(at(name), name);
  [ordered, recalled] = [await orderedOf('HbA1c'), await orderedOf('Ferritin')];
  await added(anna, 'note.txt', '-c', 'other');
  [coverage, treated, treatedAgain] = [
    await added(anna, 'note.txt', '-c', 'coverage'),
    await added(house, 'note.txt', '-p', at('anna.card'), '-c', 'medications'),
    await added(house, 'other.txt', '-p', at('anna.card'), '-c', 'medications'),
  ];
  const { party: insurer } = await ivan.ask<{ party: string }>('party', 'show');
  const issuing = ['unit', 'issue', insurer, ...units(), '--data', people.network, '--yes'];
  const issued = await runMedseal(...issuing);
  assert.equal(issued.code, 0, issued.stdout + issued.stderr);
  await writeFile(at('words'), 'none');
  const text = await readFile(join(people.network, 'network.json'), 'utf8');
  const file = parseNetworkFile(JSON.parse(text));
  const accounts = [{ organisation: 'hospital', account: `0x${'ab'.repeat(20)}` }];
  const fingerprint = fingerprintOf(portablePrimitives, file);
  const admitting = { format: 'medseal-accounts/1', network: fingerprint, accounts };
  await writeFile(at('accounts.json'), JSON.stringify(admitting));
  await writeFile(at('consent.json'), JSON.stringify(CONSENT));
  const none = { format: 'medseal-successors/1', successors: [] };
  await writeFile(at('successors.json'), JSON.stringify(none));
});
after(async () => {
  await people.end();
});

function at(name: string): string {
  return join(people.folder, name);
}

const SENSOR = `medseal-device:1:0x${'5e'.repeat(20)}:Wrist:17`;
const HL7 = 'http://terminology.hl7.org/CodeSystem';
/** As a hospital writes it, with Medseal’s labels. */
const CONSENT = {
  resourceType: 'Consent',
  status: 'active',
  scope: { coding: [{ system: `${HL7}/consentscope`, code: 'patient-privacy' }] },
  category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
  patient: { reference: 'Patient/1' },
  policy: [{ uri: 'urn:example:policy' }],
  provision: {
    type: 'permit',
    actor: [
      {
        role: { coding: [{ system: `${HL7}/v3-ParticipationType`, code: 'IRCP' }] },
        reference: { reference: 'Practitioner/1' },
      },
    ],
    purpose: [{ system: `${HL7}/v3-ActReason`, code: 'TREAT' }],
    securityLabel: [{ system: 'urn:medseal:category', code: 'immunizations' }],
  },
};

/** An order of a medicine, after `startPeople` made the folder. */
const order = (): readonly string[] => {
  const medicine = ['--medicine', 'Amoxicillin 500 mg capsules', '--unit', 'capsule'];
  const dose = ['amount=1', 'times=3', 'days=7', 'route=oral'].flatMap((each) => ['--dose', each]);
  const amounts = [...dose, '--dosage', 'with water', '--amount', '21'];
  // Another run prescribed the same medicine.
  const reason = ['--reason', 'a further course'];
  return ['--patient', at('anna.card'), ...medicine, ...amounts, ...reason];
};

const byAnna = (...args: readonly string[]): Line => ({ by: () => anna, args: () => args });
const inPlace = (...args: readonly string[]): Line => ({
  args: () => [...args, '--data', stopped],
});

/** Every verb, in an order in which each has what it needs; those that are not here have a reason. */
const LINES: Readonly<Record<string, Line | string>> = {
  dev: 'it runs until it is stopped: dev.slow.test.ts',
  'gateway sensors': 'it runs until it is stopped: gateway.network.test.ts',
  'device prove': 'it takes what a sensor signed: gateway.network.test.ts',
  'readings export': 'it takes what a sensor signed: exportReadings.slow.test.ts',
  'sensors simulate': 'it needs a running gateway: gateway.network.test.ts',
  'key recover': 'it takes days: key/recoverKey.slow.test.ts',
  'key veto': 'it takes a recovery that somebody else asked for: key/recoverKey.slow.test.ts',
  'party recover': 'it takes the file of "key recover": key/recoverKey.slow.test.ts',
  scenario: 'it founds a network each time: scenario.test.ts',
  join: {
    by: () => fresh,
    args: () => ['join', people.dev.ready.url, '--network', `${people.network}/network.json`],
  },
  status: byAnna('status'),
  completion: { args: () => ['completion', 'bash'] },
  init: {
    args: () => ['init', '--data', at('made'), '--organisations', 'a,b', '--plain-keys', '--yes'],
  },
  up: { args: () => ['up', '--check', '--data', at('made')] },
  'key new': {
    by: () => fresh,
    args: () => ['key', 'new', 'eve'],
    keep: async ({ phrase }: { phrase: string }) => await writeFile(at('words'), phrase),
    again: 'ARGUMENT_INVALID',
  },
  'key list': byAnna('key', 'list'),
  'key show': byAnna('key', 'show'),
  'key unlock': byAnna('key', 'unlock', '--for', '1h'),
  'key passphrase': 'it asks for another passphrase, on a terminal alone',
  'key phrase': byAnna('key', 'phrase'),
  'key export': {
    by: () => anna,
    args: () => ['key', 'export', '--out', at('KEY')],
    again: 'ARGUMENT_INVALID',
  },
  'key identities':
    'it needs a network with a release key: src/cli/key/exportIdentities.slow.test.ts',
  'key import': {
    by: () => fresh,
    args: () => ['key', 'import', at('KEY'), '--name', 'annas'],
    again: 'ARGUMENT_INVALID',
  },
  'key restore': {
    by: () => fresh,
    args: () => ['key', 'restore', 'again', '--phrase-file', at('words')],
  },
  'party apply': {
    by: () => anna,
    args: () => ['party', 'apply', '--role', 'patient', '--at', 'hospital', '--yes'],
  },
  'party show': byAnna('party', 'show'),
  'party move': byAnna('party', 'move', 'laboratory', '--yes'),
  'party card': { by: () => house, args: () => ['party', 'card', '--no-qr'] },
  'patient card': byAnna('patient', 'card', '--no-qr'),
  'node status': { args: () => ['node', 'status', '--data', people.network] },
  'node page': { args: () => ['node', 'page', '--data', people.network] },
  'party waiting': inPlace('party', 'waiting'),
  'party approve': inPlace(
    'party',
    'approve',
    `0x${'11'.repeat(20)}`,
    '--role',
    'doctor',
    '--at',
    'hospital',
    '--yes',
  ),
  'party decline': 'it declines an application that waits, and a demonstration accepts every one',
  'contact add': { by: () => anna, args: () => ['contact', 'add', 'house', at('house.card')] },
  'contact list': byAnna('contact', 'list'),
  'contact changed': byAnna('contact', 'changed'),
  'contact accept': byAnna('contact', 'accept', 'house', '--yes'),
  request: {
    by: () => house,
    args: () => [
      'request',
      at('anna.card'),
      '--category',
      'other',
      '--action',
      'read',
      '--until',
      '1h',
      '--yes',
    ],
    keep: keepRequest,
  },
  'mistake report': {
    by: () => anna,
    args: () => ['mistake', 'report', entry, '--words', 'I do not know this doctor.', '--yes'],
    keep: ({ mistake }: { mistake: { id: string } }) => (report = mistake.id),
  },
  'mistake list': { by: () => house, args: () => ['mistake', 'list'] },
  'mistake answer': {
    by: () => house,
    args: () => ['mistake', 'answer', report, '--words', 'You came on Monday.', '--yes'],
  },
  'mistake ask': {
    by: () => house,
    args: () => [
      'mistake',
      'ask',
      at('anna.card'),
      '--until',
      '40d',
      '--words',
      'Ten days more.',
      '--yes',
    ],
    keep: ({ mistake }: { mistake: { id: string } }) => (wish = mistake.id),
  },
  'mistake extend': { by: () => anna, args: () => ['mistake', 'extend', wish, '--yes'] },
  'notify list': { by: () => lena, args: () => ['notify', 'list'] },
  'notify off': { by: () => lena, args: () => ['notify', 'off'] },
  'order list': { by: () => lena, args: () => ['order', 'list'] },
  'order answer': {
    by: () => lena,
    args: () => [
      'order',
      'answer',
      ordered,
      '--taken',
      '2026-03-14T10:00Z',
      '--result',
      'HbA1c=6.7;%;4;5.6',
      '--yes',
    ],
  },
  'record object': {
    by: () => anna,
    args: () => ['record', 'object', treated, '--words', 'It was the other arm.', '--yes'],
  },
  'mistake due': {
    by: () => anna,
    args: () => ['mistake', 'due'],
    // Anna moved to the laboratory’s node: her doctor’s has a copy of its log some seconds later.
    keep: async () => await seesObjection(house, 'open', '-p', at('anna.card')),
  },
  'mistake decide': {
    by: () => house,
    args: () => {
      const said = ['--words', 'I saw the arm.', '--yes'];
      return ['mistake', 'decide', treated, '-p', at('anna.card'), ...said];
    },
    keep: async () => await seesObjection(anna, 'answered'),
  },
  'mistake dispute': {
    by: () => anna,
    args: () => ['mistake', 'dispute', treated, '--words', 'I have two arms.', '--yes'],
  },
  'order sign-off': { by: () => house, args: () => ['order', 'sign-off', ordered, '--yes'] },
  'order withdraw': { by: () => house, args: () => ['order', 'withdraw', recalled, '--yes'] },
  'prescription issue': {
    by: () => house,
    args: () => ['prescription', 'issue', ...order(), '--fills', '2', '--yes'],
    keep: keepPrescription,
  },
  'prescription replace': {
    by: () => house,
    args: () => ['prescription', 'replace', replaced, ...order(), '--yes'],
    again: 'RULE_REFUSED',
  },
  'prescription sign': {
    by: () => wilson,
    args: () => ['prescription', 'sign', at('both.json'), '--yes'],
  },
  'prescription place': { by: () => house, args: () => ['prescription', 'place', at('both.json')] },
  'prescription list': byAnna('prescription', 'list'),
  'prescription hold': {
    by: () => house,
    args: () => ['prescription', 'hold', prescription, '--yes'],
  },
  'prescription resume': {
    by: () => house,
    args: () => ['prescription', 'resume', prescription, '--yes'],
  },
  'prescription slip': {
    by: () => anna,
    args: () => ['prescription', 'slip', prescription?.slice(0, 10), '--out', at('slip.json')],
  },
  'prescription pass': {
    by: () => anna,
    args: () => ['prescription', 'pass', prescription, '--out', at('slip.json'), '--yes'],
  },
  'prescription read': { by: () => otto, args: () => ['prescription', 'read', at('slip.json')] },
  'prescription dispense': {
    by: () => otto,
    args: () => ['prescription', 'dispense', at('slip.json'), '--amount', '7', '--yes'],
  },
  'prescription cancel': {
    by: () => house,
    args: () => ['prescription', 'cancel', prescription, '--yes'],
  },
  'claim bill': {
    by: () => house,
    args: () => [...billing(), '--out', at('bill.json'), '--yes'],
  },
  'claim submit': {
    by: () => house,
    args: () => [...claiming(treated), '-p', at('anna.card'), '--out', at('claim.json'), '--yes'],
    keep: keepClaims,
  },
  'claim permit': { by: () => anna, args: () => ['claim', 'permit', at('claim.json'), '--yes'] },
  'claim place': { by: () => house, args: () => ['claim', 'place', at('claim.json'), '--yes'] },
  'claim list': { by: () => ivan, args: () => ['claim', 'list'] },
  'claim show': { by: () => ivan, args: () => ['claim', 'show', claim] },
  'claim approve': {
    by: () => ivan,
    args: () => ['claim', 'approve', claim, '--amount', '90', '--yes'],
  },
  'claim ask': {
    by: () => ivan,
    args: () => ['claim', 'ask', own, '--yes'],
  },
  'claim answer': {
    by: () => anna,
    args: () => ['claim', 'answer', own, '--rests', treated, '--yes'],
  },
  'claim deny': {
    by: () => ivan,
    args: () => ['claim', 'deny', own, '--yes'],
  },
  'claim dispute': { by: () => anna, args: disputing },
  'claim draw': {
    by: () => ivan,
    args: () => ['claim', 'draw', own],
    // The verifier that was drawn gets the evidence from the side that disputed. Two of three organisations keep a letter
    // before its sender hears so, and the verifier's can be the third.
    keep: async () => {
      await until('the evidence at the verifier', async () => {
        await anna.ask('claim', 'draw', own ?? assert.fail());
        const { stdout } = await vera.run('claim', 'judge', own ?? '', '--json');
        return !stdout.includes('NOT_FOUND');
      });
    },
  },
  'claim judge': {
    by: () => vera,
    args: () => ['claim', 'judge', own, '--yes'],
  },
  'claim withdraw': {
    by: () => anna,
    args: () => ['claim', 'withdraw', ahead, '--yes'],
  },
  'claim explain': {
    by: () => house,
    args: () => ['claim', 'explain', claim, '--yes'],
  },
  'claim lapse': { by: () => anna, args: () => ['claim', 'lapse', ahead] },
  'birth permit': {
    by: () => anna,
    args: () => [...permitting(), '--out', at('mother.json'), '--yes'],
  },
  'birth register': {
    by: () => rita,
    args: () => [...birth(), '--out', at('birth.json'), '--yes'],
  },
  'birth show': {
    by: () => bertha,
    args: () => ['birth', 'show', '--opening', at('birth.json')],
  },
  'birth confirm': {
    by: () => house,
    args: () => ['birth', 'confirm', at('bertha.card'), '--report', at('birth.json'), '--yes'],
  },
  'birth undo': {
    by: () => house,
    args: () => [
      ...undoing('birth'),
      '--second',
      at('rita.card'),
      '--out',
      at('unborn.json'),
      '--yes',
    ],
  },
  'birth agree': {
    by: () => rita,
    args: () => ['birth', 'agree', at('unborn.json'), '--yes'],
    keep: async () => await rita.ask(...birth(), '--out', at('again.json'), '--yes'),
  },
  'birth object': { by: () => bertha, args: () => ['birth', 'object', '--yes'] },
  'will set': { by: () => bertha, args: () => ['will', 'set', '--for', '30d', '--yes'] },
  'will show': { by: () => bertha, args: () => ['will', 'show'] },
  'will hand-over': { by: () => bertha, args: () => ['will', 'hand-over'] },
  'mandate offer': {
    by: () => anna,
    args: () => {
      const offer = ['mandate', 'offer', at('bertha.card'), '--reason', 'my sister'];
      return [...offer, '--until', '30d', '--audit', '--out', at('offer.json'), '--yes'];
    },
  },
  'mandate give': {
    by: () => bertha,
    args: () => ['mandate', 'give', at('offer.json'), '--yes'],
    keep: ({ mandate }: { mandate: string }) => (given = mandate),
  },
  'mandate list': {
    by: () => anna,
    args: () => ['mandate', 'list', '--acting-for', 'bertha'],
  },
  'mandate end': {
    by: () => bertha,
    args: () => ['mandate', 'end', given, '--yes'],
    keep: async () => {
      const offer = ['mandate', 'offer', at('bertha.card'), '--reason', 'my sister'];
      await anna.ask(...offer, '--out', at('second.json'), '--yes');
      await bertha.ask('mandate', 'give', at('second.json'), '--yes');
    },
  },
  'mandate resign': {
    by: () => anna,
    args: () => ['mandate', 'resign', '--acting-for', 'bertha', '--yes'],
    again: 'RIGHT_ENDED',
  },
  'death report': { by: () => house, args: () => reportedDeath('report.json') },
  'death confirm': {
    by: () => rita,
    args: () => ['death', 'confirm', at('bertha.card'), '--report', at('report.json'), '--yes'],
  },
  'death show': { by: () => bertha, args: () => ['death', 'show'] },
  'death undo': {
    by: () => house,
    args: () => [
      ...undoing('death'),
      '--second',
      at('rita.card'),
      '--out',
      at('undo.json'),
      '--yes',
    ],
  },
  'death agree': {
    by: () => rita,
    args: () => ['death', 'agree', at('undo.json'), '--yes'],
    keep: async () => await house.ask(...reportedDeath('report-again.json')),
  },
  'death object': { by: () => bertha, args: () => ['death', 'object', '--yes'] },
  inbox: byAnna('inbox'),
  approve: { by: () => anna, args: () => ['approve', request, '--yes'], again: 'ARGUMENT_INVALID' },
  withdraw: {
    by: () => house,
    args: () => ['withdraw', unwanted, '--yes'],
    again: 'ARGUMENT_INVALID',
  },
  deny: { by: () => anna, args: () => ['deny', denied, '--yes'], again: 'ARGUMENT_INVALID' },
  grant: {
    by: () => anna,
    args: () => ['grant', at('house.card'), '--category', 'other', '--until', '1h', '--yes'],
  },
  grants: byAnna('grants'),
  'device bind': {
    by: () => anna,
    args: () => ['device', 'bind', SENSOR, '--gateway', at('house.card'), '--until', '1h', '--yes'],
  },
  'device name': byAnna('device', 'name', SENSOR, 'Wrist of Anna'),
  'device list': byAnna('device', 'list', '--follow'),
  'readings list': byAnna('readings', 'list'),
  'device end': byAnna('device', 'end', SENSOR, '--yes'),
  'rule add': {
    by: () => anna,
    args: () => ['rule', 'add', 'team', '--who', 'house', '--category', 'vitals', '--yes'],
  },
  'rule list': byAnna('rule', 'list'),
  'rule preview': byAnna('rule', 'preview'),
  'rule apply': byAnna('rule', 'apply'),
  'rule remove': byAnna('rule', 'remove', 'team', '--yes'),
  'consent export': { by: () => anna, args: () => ['consent', 'export', at('consents.json')] },
  'consent import': {
    by: () => anna,
    args: () => [
      'consent',
      'import',
      at('consent.json'),
      '--actor',
      'Practitioner/1=house',
      '--patient',
      'Patient/1',
      '--until',
      '1h',
      '--yes',
    ],
  },
  'record add': {
    by: () => anna,
    args: () => ['record', 'add', at('note.txt'), '--yes'],
    keep: ({ records }: { records: { record: string }[] }) => (record = records[0]?.record),
  },
  'record list': byAnna('record', 'list'),
  'record get': {
    by: () => anna,
    args: () => ['record', 'get', record, '--out', at('opened'), '--force'],
  },
  'record kept': byAnna('record', 'kept'),
  'record amend': {
    by: () => anna,
    args: () => ['record', 'amend', record, at('other.txt'), '--yes'],
  },
  'mistake tell': { by: () => anna, args: () => ['mistake', 'tell', record, '--yes'] },
  'record withdraw': { by: () => anna, args: () => ['record', 'withdraw', record, '--yes'] },
  'record erase': byAnna('record', 'erase', 'other', '--yes'),
  'record certificate': {
    by: () => anna,
    args: () => ['record', 'certificate', 'other', '--out', at('erased.json')],
  },
  revoke: { by: () => anna, args: () => ['revoke', at('house.card'), '--yes'] },
  audit: byAnna('audit'),
  chain: byAnna('chain'),
  log: {
    by: () => anna,
    args: () => ['log', '--log', 'care/hospital', '--history', at('log.json')],
  },
  verify: { args: () => ['verify', at('log.json'), '--network', `${people.network}/network.json`] },
  'verify log': byAnna('verify', 'log'),
  'verify chain': byAnna('verify', 'chain'),
  export: { by: () => anna, args: () => ['export', at('anna.tar')] },
  'verify export': { by: () => anna, args: () => ['verify', 'export', at('anna.tar')] },
  'engine add': 'it needs a consortium: scripts/consortium/upgrade.network.test.ts',
  import: 'it takes an archive from another network: archive/importVerb.slow.test.ts',
  'verify origin': 'it takes what was imported: archive/importVerb.slow.test.ts',
  'verify network': {
    args: () => [
      'verify',
      'network',
      `${people.network}/network.json`,
      '--url',
      people.dev.ready.url,
    ],
  },
  'verify portal': { args: () => ['verify', 'portal', `${people.dev.ready.url}/hospital`] },
  'unit issue': {
    args: () => ['unit', 'issue', doctor, ...units(), '--data', people.network, '--yes'],
  },
  'unit redeem': {
    by: () => house,
    args: () => ['unit', 'redeem', ...units(), '--out', at('redemption.json'), '--yes'],
  },
  'unit accept': {
    args: () => ['unit', 'accept', at('redemption.json'), '--data', people.network, '--yes'],
  },
  'unit show': byAnna('unit', 'show'),
  'party suspend': { args: () => ['party', 'suspend', doctor, '--data', people.network, '--yes'] },
  'party resume': { args: () => ['party', 'resume', doctor, '--data', people.network, '--yes'] },
  'network identity': {
    args: () => [
      'network',
      'identity',
      '--data',
      people.network,
      '--organisation',
      'laboratory',
      '--url',
      'http://laboratory.example',
      '--exchange',
      people.folder,
    ],
  },
  'network propose': {
    args: () => [
      'network',
      'propose',
      at('change.json'),
      '--data',
      people.network,
      '--authority',
      '3',
      '--yes',
    ],
    again: 'ARGUMENT_INVALID',
  },
  'verify fork': 'it needs two signed changes: verifyFork.test.ts',
  'network deal': 'it needs a change that deals shares: dealChange.test.ts',
  'network settle': 'it needs two signed changes: changeNetwork.slow.test.ts',
  'network sign': {
    args: () => ['network', 'sign', at('change.json'), '--data', people.network, '--yes'],
  },
  'network publish': {
    args: () => ['network', 'publish', at('change.json'), '--data', people.network],
  },
  'channel accounts': 'it needs a channel on another ledger: channelVerbs.test.ts',
  'channel list': { args: () => ['channel', 'list', '--data', people.network] },
  'channel admit': {
    args: () => ['channel', 'admit', at('accounts.json'), '--data', people.network, '--yes'],
  },
  'network join': {
    args: () => [
      'network',
      'join',
      '--data',
      stopped,
      '--network',
      join(stopped, 'network.json'),
      '--successors',
      at('successors.json'),
    ],
  },
  'verify node': inPlace('verify', 'node'),
  fsck: inPlace('fsck'),
  'store migrate': 'it wants a server: migrateStores.slow.test.ts',
  'vault migrate': 'it wants another store: migrate.slow.test.ts',
  'vault take': 'it wants a store at a server: migrate.slow.test.ts',
  backup: {
    args: () => ['backup', '--data', stopped, '--to', at('backup')],
    again: 'FOLDER_FOREIGN',
  },
  'backups-ended': {
    args: () => ['backups-ended', '--data', stopped, '--before', '2026-01-01', '--yes'],
  },
  restore: {
    args: () => ['restore', at('backup'), '--data', at('restored')],
    again: 'FOLDER_FOREIGN',
  },
  'contact remove': byAnna('contact', 'remove', 'house'),
  'key change': byAnna('key', 'change', '--yes'),
  'key lock': byAnna('key', 'lock'),
};

/** Has the house order something for Anna from Lena's laboratory; returns the order's record. */
async function orderedOf(service: string): Promise<string> {
  const said = [`service=${service}`, 'ordered=2026-03-14T09:30Z', `laboratory=${at('lena.card')}`];
  const order = ['--form', 'order', ...said.flatMap((value) => ['--set', value])];
  const { records } = await house.ask<{ records: readonly { record: string }[] }>(
    ...(['record', 'add', ...order, '-p', at('anna.card'), '--yes'] as const),
  );
  return records[0]?.record ?? assert.fail();
}

describe('every verb', () => {
  it('is in the table', () => {
    assert.deepEqual(Object.keys(LINES).toSorted(), verbs().toSorted());
  });
  for (const [name, line] of Object.entries(LINES)) {
    if (typeof line === 'string') continue;
    it(`can be done twice, answers programs with one document, and people in plain text: ${name}`, async () => {
      for (const [time, more] of [['--json'], ['--json'], []].entries()) {
        const args = line.args().filter((each) => each !== undefined);
        const who: Person | undefined = line.by?.();
        const run: Run = await (who === undefined
          ? runMedseal(...args, ...more)
          : who.run(...args, ...more));
        const colours = (run.stdout + run.stderr).includes('\u001B');
        assert.ok(!colours, 'without a terminal there is no colour');
        const isRefused: boolean = time > 0 && line.again !== undefined;
        assert.equal(run.code !== 0, isRefused, run.stdout + run.stderr);
        if (isRefused) assert.match(run.stdout + run.stderr, new RegExp(`\\b${line.again}\\b`));
        if (more.length === 0) continue;
        assert.match(run.stdout, /^\{"ok":(?:true|false),.*\}\n$/);
        const answer = JSON.parse(run.stdout) as object;
        if (time === 0) await line.keep?.(answer as never);
      }
    });
  }
});

/** Units that the insurer owes. */
function units(): readonly string[] {
  return ['--amount', '100', '--at', 'insurer'];
}

/** One prescription is shown and dispensed, one is replaced, and one needs two doctors. */
async function keepPrescription(answer: { readonly prescription: string }): Promise<void> {
  ({ prescription } = answer);
  const issue = ['prescription', 'issue', ...order(), '--yes'];
  ({ prescription: replaced } = await house.ask<{ prescription: string }>(...issue));
  const beside = ['--controlled', '--second', at('wilson.card'), '--out', at('both.json')];
  await house.ask(...issue, ...beside);
}

/** Waits until the node of somebody shows the objection to a record in a state. */
async function seesObjection(
  who: Person,
  state: string,
  ...where: readonly string[]
): Promise<void> {
  await until(`the objection at ${who.name}’s node`, async () => {
    const { objections } = await who.ask<{
      objections: readonly { readonly record: string; readonly state: string }[];
    }>('mistake', 'due', ...where);
    return objections.some((each) => each.record === treated && each.state === state);
  });
}

function claiming(treatment: string | undefined): readonly (string | undefined)[] {
  const named = treatment === undefined ? [] : ['--treatment', treatment];
  const asked = ['--insurer', at('ivan.card'), '--coverage', coverage, ...named];
  return ['claim', 'submit', ...asked, '--line', 'Consultation=120.00'];
}

/** A patient claims for another treatment, and asks in advance for a third. */
async function keepClaims(answer: { readonly claim: string }): Promise<void> {
  ({ claim } = answer);
  [own, ahead] = [await claimed(treatedAgain), await claimed()];
}

async function claimed(treatment?: string): Promise<string> {
  const args = claiming(treatment).filter((each) => each !== undefined);
  const billed = treatment === undefined ? [] : ['--bill', at('bill.json')];
  return (await anna.ask<{ claim: string }>(...args, ...billed, '--yes')).claim;
}

function disputing(): readonly (string | undefined)[] {
  return ['claim', 'dispute', own, '--words', 'It was as billed.', '--yes'];
}

function billing(): readonly (string | undefined)[] {
  return ['claim', 'bill', '-p', at('anna.card'), '--treatment', treatedAgain, '--total', '120.00'];
}

/** Adds a record to a chart, and returns its id. */
async function added(who: Person, file: string, ...where: readonly string[]): Promise<string> {
  const answer = await who.ask<{ records: readonly { record: string }[] }>(
    'record',
    'add',
    at(file),
    ...where,
    '--yes',
  );
  const [first] = answer.records;
  assert.ok(first !== undefined);
  return first.record;
}

function birth(): readonly string[] {
  const what = ['--certificate', at('note.txt'), '--mother', at('mother.json')];
  return ['birth', 'register', at('bertha.card'), ...what];
}

function permitting(): readonly string[] {
  return ['birth', 'permit', at('bertha.card'), '--registrar', at('rita.card')];
}

function undoing(what: 'birth' | 'death'): readonly string[] {
  const why = ['--evidence', at('note.txt'), '--reason', 'a mistake'];
  return [what, 'undo', at('bertha.card'), ...why];
}

function reportedDeath(file: string): readonly string[] {
  const opened = ['--certificate', at('note.txt'), '--at', '2026-01-01', '--out', at(file)];
  return ['death', 'report', at('bertha.card'), ...opened, '--yes'];
}

/** One request is approved, another one denied, and a third withdrawn. */
async function keepRequest(answer: {
  readonly request: string;
  readonly log: string;
  readonly index: number;
}): Promise<void> {
  entry = `${answer.log}#${answer.index}`;
  const another = ['request', at('anna.card'), '-c', 'vitals', '--action', 'read', '--yes'];
  request = answer.request;
  ({ request: denied } = await house.ask<{ request: string }>(...another));
  const third = ['request', at('anna.card'), '-c', 'plans', '--action', 'read', '--yes'];
  ({ request: unwanted } = await house.ask<{ request: string }>(...third));
}

function verbs(): readonly string[] {
  const pathOf = (command: Command): string =>
    command.parent === null ? '' : `${pathOf(command.parent)} ${command.name()}`.trim();
  return commandsIn(createProgram(captureStreams()))
    .filter((command) => command.commands.length === 0 || command.registeredArguments.length > 0)
    .map(pathOf);
}
