import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { scratchFolder } from '../../src/node/test/scratchFolder.ts';
import { failsWith } from '../../src/protocol/test/failsWith.ts';
import { custodyDenials } from '../scenario/test/custodyDenials.ts';
import { CLAIM_DENIALS } from '../scenario/test/playCare.ts';
import { openStage } from './scenarioStage.ts';
import { openTerminal } from '../../src/cli/terminal/openTerminal.ts';
import { captureStreams } from '../../src/cli/test/captureStreams.ts';
import { openFoundedDev } from '../../src/cli/test/openFoundedDev.ts';
import { runMedseal, temporaryFolder, type Run } from '../../src/cli/test/runMedseal.ts';
import { startNode } from '../../src/cli/test/startNode.ts';

/** Steps of the sensors' scenario that must be refused, each with its code. */
const SENSOR_DENIALS = [
  ['A reading is altered on its way', 'READINGS_INVALID'],
  ['A device that nobody bound sends under that right', 'RIGHT_MISSING'],
  ['It sends readings of tomorrow', 'READINGS_UNTIMELY'],
  ['It sends readings of 1970', 'READINGS_UNTIMELY'],
  ['It sends more than a message may hold', 'REQUEST_TOO_LARGE'],
  ['The gateway puts up what another device signed', 'RIGHT_MISSING'],
  ['The gateway puts up what it signed under the doctor’s right', 'RIGHT_MISSING'],
  ['The gateway looks at the chart', 'RIGHT_MISSING'],
  ['The gateway puts a file of its own in the place of the sealed one', 'READINGS_INVALID'],
  ['A pharmacist lists the readings by the doctor’s right', 'RIGHT_MISSING'],
  ['The pharmacist exports a batch by it', 'RIGHT_MISSING'],
  ['The doctor lists the readings after that', 'RIGHT_ENDED'],
  ['The doctor exports them by the list of before', 'RIGHT_ENDED'],
  ['It sends what it sealed to the keys of before', 'EPOCH_STALE'],
  ['The finder sends on', 'RIGHT_ENDED'],
];

interface Printed {
  readonly ok: boolean;
  readonly steps: readonly {
    readonly name: string;
    readonly log?: string;
    readonly index?: number;
    readonly checkpoint?: number;
    /** All entries of the step, if it has several. */
    readonly entries?: readonly string[];
  }[];
  readonly receipts: readonly {
    readonly log: string;
    readonly index: number;
    readonly transaction: string;
  }[];
}

interface Played {
  readonly ok: boolean;
  readonly steps: readonly {
    readonly name: string;
    readonly code?: string;
    readonly paper: string;
    readonly outcome: string;
    readonly expected: string;
    readonly log?: string;
  }[];
}

/** Tells whether a step tries what a doctor kept of a record after the right ended. */
function isLeaked({ name }: Played['steps'][number]): boolean {
  return name.startsWith('Nor does what the doctor kept');
}

/** With `EVERY=1` care is played wherever the rest is; else on one network, twice. */
const { EVERY } = process.env;

describe('medseal scenario', () => {
  for (const [what, kind, least] of [
    ['sharing', [], 43],
    ...(EVERY === '1' ? ([['care', ['--care'], 70]] as const) : []),
    ['sensors', ['--sensors'], 42],
  ] as const) {
    it(`plays ${what} on an unguarded network, of which it warns`, async () => {
      const run = await runMedseal('scenario', '--unguarded', ...kind, '--json');
      const { ok, steps } = JSON.parse(run.stdout) as Played;
      assert.deepEqual([run.code, ok], [0, true], run.stderr);
      assert.match(run.stderr, /^This network is unguarded: .*\n$/);
      assert.ok(steps.length >= least, `${steps.length} steps`);
      assert.deepEqual(steps.filter(isLeaked), []);
    });
  }

  it('is not asked to found a network that runs without a release key', async () => {
    const run = await runMedseal('scenario', '--unguarded', '--url', 'http://127.0.0.1:1');
    assert.equal(run.code, 2);
    assert.match(run.stderr, /--unguarded/);
  });

  it('plays P2’s thirteen steps with denials between them, on a network that goes afterwards', async (t) => {
    const temporary = await temporaryFolder(t);
    process.env['TMPDIR'] = temporary;
    t.after(() => delete process.env['TMPDIR']);
    const run = await runMedseal('scenario', '--json');
    const { ok, steps } = JSON.parse(run.stdout) as Played;
    assert.deepEqual([run.code, run.stderr, ok], [0, '', true]);
    for (let number = 1; number <= 13; number++) {
      assert.ok(
        steps.some(({ paper }) => paper === `P2.${number}`),
        `step ${number}`,
      );
    }
    const denials = steps.filter(({ paper }) => paper === 'P2 denial');
    assert.ok(denials.length >= 2);
    assert.ok(denials.every(({ outcome, log }) => outcome === 'refused' && log !== undefined));
    assert.ok(steps.every(({ outcome, expected }) => outcome === expected));
    assert.deepEqual(
      steps.filter(isLeaked).map(({ outcome, code }) => [outcome, code]),
      [['refused', 'SEAL_UNREADABLE']],
    );
    assert.deepEqual(await readdir(temporary), []);
  });
});

const terminal = openTerminal(captureStreams(), {});

describe('medseal scenario --care', () => {
  // @actor a pharmacist | tells the patient of a dispense in forged words, or before the ledger has it
  it('plays from a visit to a death and leaves everything as it was, so that it can be played again', async (t) => {
    const folder = await temporaryFolder(t);
    for (const again of [false, true]) {
      const run = await runMedseal('scenario', '--care', '--data', folder, '--json');
      assert.deepEqual([run.code, run.stderr], [0, ''], run.stdout);
      const { ok, steps } = JSON.parse(run.stdout) as Played;
      assert.equal(ok, true);
      assert.ok(steps.every(({ outcome, expected }) => outcome === expected));
      const logs = new Set(steps.flatMap(({ log }) => log ?? []));
      assert.ok(logs.size >= 2, 'parties of several organisations');
      const enrolments = steps.filter(({ paper }) => paper === 'P1 AAA').length;
      assert.equal(enrolments > 0, !again);
      const stage = await openStage(terminal, { home: folder, issuer: folder });
      assert.equal((await stage.authority()).length, 3);
      const denials = steps.filter(
        ({ paper, outcome }) => /^P3 (?:claim|pay)$/.test(paper) && outcome === 'refused',
      );
      assert.deepEqual(
        denials.map(({ name, code }) => [name, code]),
        CLAIM_DENIALS,
      );
      for (const part of ['P2 visit', 'P3 rules', 'P1 birth', 'P1 death']) {
        const refused = steps.some(({ paper, outcome }) => paper === part && outcome === 'refused');
        assert.ok(refused, part);
      }
    }
  });
});

describe('medseal scenario --sensors', () => {
  it('plays a wearable from its binding to its loss, with its denials, and again in the same network', async (t) => {
    const folder = await temporaryFolder(t);
    for (const again of [false, true]) {
      const run = await runMedseal('scenario', '--sensors', '--data', folder, '--json');
      assert.deepEqual([run.code, run.stderr], [0, ''], run.stdout);
      const { ok, steps } = JSON.parse(run.stdout) as Played;
      assert.equal(ok, true);
      assert.equal(
        steps.some(({ paper }) => paper === 'P1 AAA'),
        !again,
      );
      const refused = steps.filter(({ outcome }) => outcome === 'refused');
      assert.deepEqual(
        refused.map(({ name, code }) => [name, code]),
        SENSOR_DENIALS,
      );
      // A gateway asks nodes for nothing that it can refuse itself; what nodes refuse is evidence.
      const entered = refused.filter(({ log }) => log !== undefined);
      assert.equal(entered.length, 11);
    }
  });
});

describe('medseal scenario --custody', () => {
  it('plays custody with days that pass on a network that goes afterwards', async () => {
    const { refused } = await custodyOn();
    assert.deepEqual(refused, custodyDenials({ days: true, authority: true }));
  });

  it('plays it on a network that is kept, and again, without steps that take days', async (t) => {
    const folder = await temporaryFolder(t);
    for (const again of [false, true]) {
      const { steps, refused } = await custodyOn('--data', folder);
      assert.deepEqual(refused, custodyDenials({ days: false, authority: true }));
      assert.equal(
        steps.some(({ paper }) => paper === 'P1 AAA'),
        !again,
      );
    }
  });
});

/** Plays custody, which goes as it must, and returns what was refused. */
async function custodyOn(...where: readonly string[]): Promise<{
  readonly steps: Played['steps'];
  readonly refused: readonly (readonly [string, string | undefined])[];
}> {
  const run = await runMedseal('scenario', '--custody', ...where, '--json');
  assert.deepEqual([run.code, run.stderr], [0, ''], run.stdout);
  const { ok, steps } = JSON.parse(run.stdout) as Played;
  assert.equal(ok, true);
  const refused = steps.filter(({ outcome }) => outcome === 'refused');
  return { steps, refused: refused.map(({ name, code }) => [name, code] as const) };
}

describe('medseal scenario --network', () => {
  it('plays with a running demonstration’s own people, and enrols only those who are missing', async (t) => {
    const folder = await temporaryFolder(t);
    const dev = await openFoundedDev({ data: folder });
    t.after(async () => await dev.close());
    const run = await runMedseal('scenario', '--network', folder, '--json');
    const { ok, steps } = JSON.parse(run.stdout) as Played;
    assert.deepEqual([run.code, ok, run.stderr], [0, true, '']);
    assert.ok(!steps.some(({ name }) => name.startsWith('Enrolment')));
    // The authority's keys and two pharmacists are in the folder.
    for (const wanted of [
      'The authority suspends the other doctor',
      'A pharmacy dispenses a part',
    ]) {
      assert.ok(
        steps.some(({ name }) => name === wanted),
        wanted,
      );
    }
    if (EVERY !== '1') return;
    const { refused } = await custodyOn('--network', folder);
    assert.deepEqual(refused, custodyDenials({ days: false, authority: true }));
    const care = await runMedseal('scenario', '--care', '--network', folder, '--json');
    const played = JSON.parse(care.stdout) as Played;
    assert.deepEqual([care.code, played.ok, care.stderr], [0, true, '']);
    const enrolled = played.steps.filter(({ name }) => name.startsWith('Enrolment'));
    assert.equal(enrolled.length, 2, 'a third doctor and a child');
  });

  it('plays with people who pass on a network that is not a demonstration, and leaves no keys', async (t) => {
    const [node, folder] = [await temporaryFolder(t), await temporaryFolder(t)];
    await runMedseal(
      'init',
      '--organisations',
      'north,south',
      '--plain-keys',
      '--yes',
      '--data',
      node,
    );
    const { ready } = await startNode(t, node, '--set', 'authority.accepts=everyone');
    const pinned = ['--network', `${node}/network.json`, '--yes'];
    await runMedseal('join', ready.urls.agents, '--home', folder, ...pinned);
    const run = await runMedseal('scenario', '--network', folder, '--json');
    const { ok, steps } = JSON.parse(run.stdout) as Played;
    assert.deepEqual([run.code, ok], [0, true], run.stderr);
    const enrolled = steps.filter(({ name }) => name.startsWith('Enrolment'));
    assert.equal(
      enrolled.length,
      3,
      'a patient and two doctors; pharmacists enrol as they dispense',
    );
    assert.deepEqual((await readdir(folder)).toSorted(), ['home.json', 'network.json']);
  });
});

describe('medseal scenario --data', () => {
  let folder: string;
  let first: Run;
  before(async () => {
    folder = await scratchFolder();
    first = await runMedseal('scenario', '--data', folder, '--json');
  });
  after(async () => await rm(folder, { recursive: true }));

  it('keeps the network: nodes, the authority, devices; says when no node answers, or the device has no key', async () => {
    assert.equal(first.code, 0, first.stderr + first.stdout);
    const names = await readdir(folder);
    for (const part of ['node', 'authority', 'parties', 'network.json']) {
      assert.ok(names.includes(part), part);
    }
    assert.deepEqual((await readdir(`${folder}/node`)).toSorted(), [
      'hospital',
      'insurer',
      'laboratory',
      'ledger',
    ]);
    const waited = (JSON.parse(first.stdout) as Printed).steps.filter(
      ({ checkpoint }) => checkpoint,
    );
    assert.deepEqual(waited, [], 'it waits for acknowledgements alone');

    const own = await openStage(terminal, { home: folder });
    assert.equal((await own.authority()).length, 3);
    // A demonstration's device has no insurer as long as no care was played.
    for (const issuer of [folder, `${folder}/node/hospital`]) {
      const stage = await openStage(terminal, { home: folder, issuer });
      await assert.rejects(stage.authority(), failsWith('ARGUMENT_INVALID'));
    }

    const home = ['--home', folder];
    const silent = await runMedseal('scenario', '--url', 'http://127.0.0.1:9', ...home);
    assert.deepEqual([silent.code, /PEER_UNREACHABLE/.test(silent.stderr)], [3, true]);
    const absent = ['--home', `${folder}/nobody`, '--network', `${folder}/network.json`];
    const nobody = await runMedseal('scenario', '--url', 'http://127.0.0.1:9', ...absent);
    assert.deepEqual([nobody.code, /KEY_ABSENT/.test(nobody.stderr)], [1, true]);
  });

  it('plays on a network that was kept, and with --wait receipt waits for the receipt of each entry', async () => {
    const second = await runMedseal('scenario', '--data', folder, '--wait', 'receipt', '--json');
    const { ok, steps, receipts } = JSON.parse(second.stdout) as Printed;
    assert.equal(ok, true, `${second.stderr}${JSON.stringify(steps.at(-1))}`);
    for (const { name, log, index = 0, checkpoint = 0 } of steps) {
      if (log !== undefined) assert.ok(checkpoint > index, name);
    }
    const entered = new Set(
      steps.flatMap(({ log, index, entries }) => entries ?? (log ? [`${log}#${index}`] : [])),
    );
    for (const { log, index, transaction } of receipts) {
      assert.ok(entered.has(`${log}#${index}`));
      assert.match(transaction, /^0x[0-9a-f]{64}$/);
    }
    assert.equal(receipts.length, entered.size, 'one for each entry');
  });
});
