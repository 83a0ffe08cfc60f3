import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { enrol } from '../../src/client/party/enrol.ts';
import { temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { engineMissing } from '../../src/ledger/test/startEngines.ts';
import { findEngine } from '../findEngine.ts';
import { ALL, openTrial, type Trial } from './test/openTrial.ts';
import { openVisitor } from './test/openVisitor.ts';
import { otherBuild } from './test/otherBuild.ts';
import { requireWhole } from './test/requireWhole.ts';
import { underLoad } from './test/underLoad.ts';

/** Faults of processes, one after the other, while a patient at each of four organisations writes all the time. */

const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
const { shiftable } = findEngine();
let trial: Trial;

/** Enrols a new patient at an organisation: a request for the ledger and for the others' judgement. */
async function enrolAnother(place: number): Promise<void> {
  const another = await openVisitor(trial.network, trial.at(place));
  await enrol(another, { role: 'patient', organisation: trial.at(place).organisation });
}

/** A time in which an organisation does not run, milliseconds of this process. */
interface Pause {
  readonly began: number;
  readonly ended: number;
}

/** Milliseconds for which a slow process stands still, and then runs. */
const STILL = 1500;
const RUNS = 300;

/** Has processes run a sixth of the time, until told to stop. */
async function beSlow(pids: readonly number[], ending: AbortSignal): Promise<void> {
  while (!ending.aborted) {
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    await pause(STILL);
    for (const pid of pids) process.kill(pid, 'SIGCONT');
    await pause(RUNS);
  }
}

/** Resolves once an organisation takes requests and its validator votes: before that, no other is stopped. */
async function untilAbreast(place: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`${trial.at(place).urls.operate}/readyz`);
    const { ready, validator } = (await answer.json()) as {
      readonly ready: boolean;
      readonly validator?: { readonly behind?: boolean };
    };
    if (ready && validator?.behind === false) return;
    await pause(500);
  }
}

describe('four organisations with a validator each', { skip: engineMissing ?? false }, () => {
  before(async () => {
    trial = await openTrial({ folder: await temporaryFolder(suite) });
    ends.push(async () => await trial.close());
  });
  after(async () => {
    for (const end of ends.toReversed()) await end();
  });

  it('lose nothing when each process is killed in turn', async () => {
    const writers = await underLoad(trial, async () => {
      for (const place of ALL) {
        const from = trial.said();
        const { organisation, validator, node } = trial.at(place);
        process.kill(validator, 'SIGKILL');
        await trial.hear(new RegExp(`The validator of ${organisation} runs`), from);
        process.kill(node, 'SIGKILL');
        await trial.ended(place);
        await trial.start(place);
      }
    });
    await requireWhole(trial, writers);
  });

  it('go on while one hangs, node and validator', async () => {
    const writers = await underLoad(trial, async () => {
      const { node, validator } = trial.at(2);
      for (const pid of [node, validator]) process.kill(pid, 'SIGSTOP');
      await enrolAnother(1);
      for (const pid of [node, validator]) process.kill(pid, 'SIGCONT');
    });
    await requireWhole(trial, writers);
  });

  it('stop while two are away, and go on without a fork when one is back', async () => {
    const writers = await underLoad(trial, async () => {
      for (const place of [2, 3]) process.kill(trial.at(place).node, 'SIGKILL');
      await Promise.all([2, 3].map(async (place) => await trial.ended(place)));
      await assert.rejects(enrolAnother(0), (error) => isMedsealError(error));
      await trial.start(2);
      await enrolAnother(0);
      await trial.start(3);
    });
    await requireWhole(trial, writers);
  });

  it('go on while one is slow, node and validator', async () => {
    const writers = await underLoad(trial, async (writing) => {
      const { node, validator } = trial.at(1);
      const ending = new AbortController();
      const slowed = beSlow([node, validator], ending.signal);
      const others = writing.filter(({ place }) => place !== 1);
      await Promise.all(others.map(async (each) => await each.more(10)));
      ending.abort();
      await slowed;
      await Promise.all(writing.map(async (each) => await each.more(2)));
    });
    await requireWhole(trial, writers);
  });

  it('are upgraded one by one, and no patient notices but those of the one that restarts', async (t) => {
    const { version, medseal } = await otherBuild(await temporaryFolder(t));
    // Another build of the same engine, if there is one: its clock can be shifted, and is not.
    const engine = existsSync(shiftable) ? { engine: shiftable } : {};
    const restarts: Pause[] = [];
    const writers = await underLoad(trial, async (writing) => {
      for (const place of ALL) {
        const { data } = trial.at(place);
        await trial.medseal('backup', '--data', data, '--to', `${data}.${version}.tar`);
        const began = performance.now();
        await trial.stop(place);
        await trial.medseal('up', '--check', '--data', data);
        await trial.start(place, { medseal, ...engine });
        restarts.push({ began, ended: performance.now() });
        await untilAbreast(place);
        await Promise.all(writing.map(async (each) => await each.more(2)));
      }
    });
    for (const place of ALL) {
      const metrics = await (await fetch(`${trial.at(place).urls.operate}/metrics`)).text();
      assert.ok(metrics.includes(`version="${version}"`));
    }
    for (const { place, refused } of writers) {
      const { began, ended } = restarts[place] ?? assert.fail();
      const elsewhere = refused.filter((each) => each.refused < began || each.sent > ended);
      assert.deepEqual(elsewhere, []);
    }
    await requireWhole(trial, writers);
  });
});
