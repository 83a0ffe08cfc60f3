import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { ShiftedClock } from '../../src/cli/test/ShiftedClock.ts';
import { engineMissing } from '../../src/ledger/test/startEngines.ts';
import { findEngine } from '../findEngine.ts';
import type { Writer } from './test/beginWriting.ts';
import { openTrial, type Trial } from './test/openTrial.ts';
import { requireWhole } from './test/requireWhole.ts';
import { underLoad } from './test/underLoad.ts';

/**
 * One of four organisations has a clock that is two minutes off, its node and its validator, while a patient at each
 * writes. Both programs run as they are but for reading a clock that a file shifts: `shiftedDate.ts` in Node, and
 * `writeShiftedClock` in CometBFT.
 */

const { shiftable } = findEngine();
const missing =
  engineMissing ??
  (existsSync(shiftable)
    ? undefined
    : 'the engine whose clock can be shifted was not built: npm run build engine -- --shiftable');
const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
const ODD = 2;
let trial: Trial;
let clock: ShiftedClock;

/** Reads what an organisation's operator sees. */
async function readiness(
  place: number,
): Promise<{ ready: boolean; waitingFor: readonly string[] }> {
  const answer = await fetch(`${trial.at(place).urls.operate}/readyz`);
  return (await answer.json()) as { ready: boolean; waitingFor: readonly string[] };
}

/** Resolves once it holds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 500));
}

/** Resolves once a patient is refused with such a code. */
async function untilRefusedFor(codes: RegExp, patient: Writer): Promise<void> {
  while (!codes.test((await patient.refusal()).code));
}

describe('four organisations, one of which has a wrong clock', { skip: missing ?? false }, () => {
  before(async () => {
    const folder = await temporaryFolder(suite);
    clock = await ShiftedClock.open(folder);
    const { env } = clock;
    trial = await openTrial({
      folder,
      how: (place) => (place === ODD ? { engine: shiftable, env } : {}),
    });
    ends.push(async () => await trial.close());
  });
  after(async () => {
    for (const end of ends.toReversed()) await end();
  });

  for (const off of [120, -120]) {
    it(`go on while one is ${off} s off, which refuses, names its clock, and returns`, async () => {
      const logged = (await trial.log(ODD)).length;
      const writers = await underLoad(trial, async (writing) => {
        await Promise.all(writing.map(async (each) => await each.more(2)));
        await clock.shift(1000 * off);
        const others = writing.filter(({ place }) => place !== ODD);
        const odd = writing[ODD] ?? assert.fail();
        await Promise.all([
          untilRefusedFor(/^(CLOCK_SKEWED|LEDGER_(AHEAD|UNREACHABLE))$/, odd),
          until(async () => {
            const { ready, waitingFor } = await readiness(ODD);
            return !ready && waitingFor.some((each) => each.startsWith('clocks to agree: 3 of 3'));
          }),
          ...others.map(async (each) => await each.more(5)),
        ]);
        await clock.shift(0);
        await until(async () => (await readiness(ODD)).ready);
        await Promise.all(writing.map(async (each) => await each.more(2)));
        for (const { refused } of others) assert.deepEqual(refused, []);
        // Nobody is accused of a forgery.
        assert.ok(!odd.refused.some(({ code }) => code === 'KEY_UNAUTHENTIC'));
      });
      const log = (await trial.log(ODD)).slice(logged);
      assert.match(log, /"clock differs"/);
      assert.match(log, /"clock agrees"/);
      // It cannot take blocks that come from its future, so it ends, and its node starts it again.
      assert.equal(/is too far in the future/.test(log), off < 0);
      assert.equal(/"validator ended"/.test(log), off < 0);
      await requireWhole(trial, writers);
    });
  }
});
