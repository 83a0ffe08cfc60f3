import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { DemoPartyReady } from '../../demo/parties/demoParties.ts';
import { temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { engineMissing } from '../../src/ledger/test/startEngines.ts';
import type { DemoPerson } from '../../src/protocol/care/DemoPerson.ts';
import { MEDSEAL } from './foundConsortium.ts';
import { portalOf } from './peopleConsortium.ts';
import type { OrganisationReady } from './startOrganisation.ts';

/** A demonstration of four organisations that hold their ledger together, as somebody looks at it, plays on it, and comes back. */

const RUN = join(import.meta.dirname, 'runConsortium.ts');
const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
let folder: string;
let running: ChildProcessWithoutNullStreams;
let organisations: readonly OrganisationReady[];
let parties: readonly DemoPartyReady[];
let said = '';

interface Played {
  readonly ok: boolean;
  readonly steps: readonly {
    readonly name: string;
    readonly paper: string;
    readonly outcome: string;
    readonly expected: string;
  }[];
  readonly receipts: readonly unknown[];
}

async function start(): Promise<void> {
  running = spawn(process.execPath, [RUN, '--demo', '--no-charts', '--data', folder, '--json']);
  running.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(running.stdout).once('line', resolve);
    running.once('close', () => reject(new Error(`it ended early: ${said}`)));
  });
  ({ organisations, parties } = JSON.parse(line) as {
    organisations: readonly OrganisationReady[];
    parties: readonly DemoPartyReady[];
  });
}

async function stop(): Promise<number | null> {
  const { exitCode } = running;
  if (exitCode !== null) return exitCode;
  const ended = new Promise<number | null>((resolve) => running.once('close', resolve));
  running.kill('SIGINT');
  return await ended;
}

/** Plays the sensors' scenario, the shortest, and requires that each step goes as it must. */
async function playSensors(enrolled: readonly string[]): Promise<void> {
  const args = [MEDSEAL, 'scenario', '--sensors', '--network', folder, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { ok, steps, receipts } = JSON.parse(stdout) as Played;
  assert.equal(ok, true);
  for (const { name, outcome, expected } of steps) assert.equal(outcome, expected, name);
  const enrolments = steps.filter(({ paper }) => paper === 'P1 AAA');
  assert.deepEqual(
    enrolments.map(({ name }) => name),
    enrolled,
  );
  assert.ok(steps.length > 30 && receipts.length > 20, `${receipts.length} receipts`);
}

describe('npm run consortium -- --demo', { skip: engineMissing ?? false }, () => {
  before(async () => {
    folder = await temporaryFolder(suite);
  });
  after(async () => {
    await stop();
    for (const end of ends.toReversed()) await end();
  });

  it('has people at each of four organisations, whose portals let them in by a click', async () => {
    await start();
    const names = organisations.map(({ organisation }) => organisation);
    assert.deepEqual(names, ['hospital', 'laboratory', 'insurer', 'pharmacy']);
    assert.deepEqual(new Set(parties.map(({ organisation }) => organisation)), new Set(names));
    const portals = new Map(organisations.map((each) => [each.organisation, portalOf(each)]));
    for (const portal of portals.values()) {
      const own = { headers: { 'sec-fetch-site': 'same-origin' } };
      const answer = await fetch(`${portal}demo.json`, own);
      const people = (await answer.json()) as readonly DemoPerson[];
      assert.equal(people.length, parties.length);
      for (const person of people) assert.equal(person.portal, portals.get(person.organisation));
      const foreign = { headers: { 'sec-fetch-site': 'cross-site' } };
      assert.equal((await fetch(`${portal}demo.json`, foreign)).status, 403);
    }
  });

  it('is a stage for a scenario, which enrols those who are missing', async () => {
    await playSensors(['Enrolment of a nurse']);
  });

  it('stops in order, goes on with the same people, and can be played on again', async () => {
    const before = parties;
    assert.equal(await stop(), 0, said);
    await start();
    assert.deepEqual(parties, before);
    await playSensors([]);
    assert.equal(await stop(), 0, said);
    for (const { validator, node } of organisations) {
      for (const pid of [validator, node]) assert.throws(() => process.kill(pid, 0));
    }
    const kept = (await readdir(folder)).filter((name) => !name.endsWith('.log'));
    const own = organisations.map(({ organisation }) => organisation);
    const beside = ['consortium.json', 'exchange', 'home.json', 'network.json', 'parties'];
    assert.deepEqual(kept.toSorted(), [...own, ...beside].toSorted());
  });
});
