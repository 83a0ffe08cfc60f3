import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { runMedseal, temporaryFolder } from './test/runMedseal.ts';

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

describe('medseal scenario', () => {
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
    assert.deepEqual(await readdir(temporary), []);
  });
});

describe('medseal scenario --wait receipt', () => {
  it('plays on a network that was kept, and waits for the receipt of each entry', async (t) => {
    const folder = await temporaryFolder(t);
    const first = await runMedseal('scenario', '--data', folder, '--json');
    assert.equal(first.code, 0, first.stderr);
    const second = await runMedseal('scenario', '--data', folder, '--wait', 'receipt', '--json');
    const { ok, steps, receipts } = JSON.parse(second.stdout) as Printed;
    assert.equal(ok, true);
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

/** Refusals that claims have, each with its code. */
const CLAIM_DENIALS = [
  ['The doctor claims before the patient permits it', 'RIGHT_MISSING'],
  ['The doctor claims the treatment of another insurer too', 'RULE_REFUSED'],
  ['The bill is shown with another sum', 'CLAIM_ALTERED'],
  ['The other insurer decides it', 'NOT_FOUND'],
  ['The insurer pays what it does not have', 'RULE_REFUSED'],
  ['The insurer pays it again', 'RULE_REFUSED'],
  ['A verifier of the insurer’s own organisation is to judge', 'RULE_REFUSED'],
  ['A verifier that the dispute does not name judges', 'NOT_FOUND'],
  ['The insurer looks after its claim is closed', 'NOT_FOUND'],
] as const;

describe('medseal scenario --care', () => {
  it('plays from a visit to a death and leaves everything as it was, so that it can be played again', async (t) => {
    const folder = await temporaryFolder(t);
    for (const again of [false, true]) {
      const run = await runMedseal('scenario', '--care', '--data', folder, '--json');
      assert.deepEqual([run.code, run.stderr], [0, '']);
      const { ok, steps } = JSON.parse(run.stdout) as Played;
      assert.equal(ok, true);
      assert.ok(steps.every(({ outcome, expected }) => outcome === expected));
      const logs = new Set(steps.flatMap(({ log }) => log ?? []));
      assert.ok(logs.size >= 2, 'parties of several organisations');
      const enrolments = steps.filter(({ paper }) => paper === 'P1 AAA').length;
      assert.equal(enrolments > 0, !again);
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

describe('medseal scenario --data', () => {
  it('keeps the network with --data: nodes, the authority, devices; says when no node answers, or the device has no key', async (t) => {
    const folder = await temporaryFolder(t);
    const first = await runMedseal('scenario', '--data', folder, '--json');
    assert.equal(first.code, 0, first.stderr);
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

    const home = ['--home', folder];
    const silent = await runMedseal('scenario', '--url', 'http://127.0.0.1:9', ...home);
    assert.deepEqual([silent.code, /PEER_UNREACHABLE/.test(silent.stderr)], [3, true]);
    const absent = ['--home', `${folder}/nobody`, '--network', `${folder}/network.json`];
    const nobody = await runMedseal('scenario', '--url', 'http://127.0.0.1:9', ...absent);
    assert.deepEqual([nobody.code, /KEY_ABSENT/.test(nobody.stderr)], [1, true]);
  });
});
