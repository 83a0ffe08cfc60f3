import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { enrol } from '../../src/client/party/enrol.ts';
import { temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { engineMissing } from '../../src/ledger/test/startEngines.ts';
import {
  inOwnNetwork,
  isApart,
  machinesMissing,
  openMachines,
  type Machines,
} from './test/openMachines.ts';
import type { Writer } from './test/beginWriting.ts';
import { ALL, openTrial, type Trial } from './test/openTrial.ts';
import { openVisitor } from './test/openVisitor.ts';
import { requireWhole } from './test/requireWhole.ts';
import { underLoad } from './test/underLoad.ts';

/**
 * Faults of the network between four organisations, each on a machine of its own, made of network namespaces, while a
 * patient at each writes. Patients reach their organisation all the time.
 */

const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
let machines: Machines;
let trial: Trial;

/** Resolves once each of the patients has some more records acknowledged. */
async function goOn(writers: readonly Writer[], count = 3): Promise<void> {
  await Promise.all(writers.map(async (each) => await each.more(count)));
}

/** Cuts one organisation off from some others, in one direction. */
async function silence(from: number, others: readonly number[]): Promise<void> {
  for (const to of others) await machines.cut(from, to);
}

async function enrolAnother(place: number): Promise<void> {
  const another = await openVisitor(trial.network, trial.at(place));
  await enrol(another, { role: 'patient', organisation: trial.at(place).organisation });
}

const missing = engineMissing ?? machinesMissing();

if (!isApart) {
  it('organisations on four machines', { skip: missing ?? false }, async () => {
    assert.equal(await inOwnNetwork(import.meta.filename), 0);
  });
} else {
  describe('four organisations on a machine each', () => {
    before(async () => {
      machines = await openMachines(ALL.length);
      ends.push(async () => await machines.close());
      trial = await openTrial({
        folder: await temporaryFolder(suite),
        hostOf: (place) => machines.hostOf(place),
        how: (place) => ({ within: machines.within(place) }),
      });
      ends.push(async () => await trial.close());
    });
    after(async () => {
      for (const end of ends.toReversed()) await end();
    });

    it('go on, all of them, while one hears another that does not hear it', async () => {
      const writers = await underLoad(trial, async (writing) => {
        await goOn(writing);
        await machines.cut(2, 1);
        await goOn(writing, 10);
        await machines.heal();
        await goOn(writing);
      });
      await requireWhole(trial, writers);
    });

    it('go on without one that nobody hears, and take it back', async () => {
      const writers = await underLoad(trial, async (writing) => {
        await silence(2, [0, 1, 3]);
        const [odd, ...others] = [2, 0, 1, 3].map((place) => writing[place] ?? assert.fail());
        await Promise.all([odd?.refusal(), goOn(others, 10)]);
        await machines.heal();
        await goOn(writing);
      });
      await requireWhole(trial, writers);
    });

    it('go on without one that is cut off, and take it back', async () => {
      const writers = await underLoad(trial, async (writing) => {
        await silence(3, [0, 1, 2]);
        for (const place of [0, 1, 2]) await machines.cut(place, 3);
        await Promise.all([writing[3]?.refusal(), goOn(writing.slice(0, 3), 10)]);
        await machines.heal();
        await goOn(writing);
      });
      await requireWhole(trial, writers);
    });

    it('stop while two are cut off from two, and go on without a fork', async () => {
      const writers = await underLoad(trial, async (writing) => {
        for (const place of [0, 1]) await silence(place, [2, 3]);
        for (const place of [2, 3]) await silence(place, [0, 1]);
        await Promise.all(writing.map(async (each) => await each.refusal()));
        const before = writing.map(({ acknowledged }) => acknowledged.length);
        await assert.rejects(enrolAnother(0), (error) => isMedsealError(error));
        assert.deepEqual(
          writing.map(({ acknowledged }) => acknowledged.length),
          before,
        );
        await machines.heal();
        await enrolAnother(3);
        await goOn(writing);
      });
      await requireWhole(trial, writers);
    });

    it('go on while one has a line that is too narrow, and take it back', async () => {
      const writers = await underLoad(trial, async (writing) => {
        await machines.narrow(1, 128);
        await goOn(
          [0, 2, 3].map((place) => writing[place] ?? assert.fail()),
          10,
        );
        await machines.heal();
        await goOn(writing);
      });
      await requireWhole(trial, writers);
    });
  });
}
