import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { AtRest } from './AtRest.ts';
import { campaign } from './campaign.ts';
import { harmlessLoss } from './harmlessLoss.ts';
import { setStage, type Stage } from './Stage.ts';
import type { Subject } from './Subject.ts';
import { subjectsOf } from './subjectsOf.ts';

/** Seconds of alterations by new seeds. */
const { SECONDS = '10' } = process.env;

/** The whole scenario; `npm run proof tamper -- --seed NAME --from NUMBER --seeds 1` repeats what a seed altered. */
describe('a network at rest on which everything was done, and that was altered', () => {
  let root: string;
  let stage: Stage;
  let subjects: readonly Subject[];

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'medseal-tamper-'));
    stage = await setStage(root, 'whole');
    subjects = await subjectsOf(stage);
  });
  after(async () => await rm(root, { recursive: true }));

  it('has no file of a device of which nobody knows what its loss means', () => {
    const remembered = subjects.find(({ name }) => name === 'what a device remembers');
    const unknown = [...(remembered?.things.keys() ?? [])].filter(
      (path) => harmlessLoss(path) === undefined,
    );
    // The examination of the folder finds that this one is lost.
    assert.deepEqual(unknown, ['parties/patient/device/patient.json']);
  });

  // @actor cloud operator | to alter what lies on the disk
  it('is found to be so, or says the same to everybody, by seeds that are always the same', async () => {
    const seeds = Array.from({ length: 60 }, (_, n) => `slow ${n}`);
    const { missed, classes } = await campaign(subjects, seeds);
    assert.deepEqual(missed, []);
    assert.ok(classes.size > 30);
  });

  it('is found to be so, or says the same to everybody, by as many new seeds as there is time for', async (t) => {
    const name = process.env['SEED'] ?? `of ${new Date().toISOString()}`;
    t.diagnostic(`seed '${name}'`);
    const end = performance.now() + 1000 * Number(SECONDS);
    let count = 0;
    function* whileThereIsTime(): Generator<string> {
      while (performance.now() < end) yield `${name} ${count++}`;
    }
    const { missed } = await campaign(subjects, whileThereIsTime());
    t.diagnostic(`${count} alterations`);
    assert.deepEqual(missed, []);
    assert.ok(count > 0);
  });

  it('is whole again after each alteration, so that none of them hides the next', async () => {
    await AtRest.open(stage.data);
  });

  it('is altered alike by the same seed, which names what nobody found', async () => {
    const [subject] = subjects;
    assert.ok(subject);
    const blind: Subject = {
      ...subject,
      examine: async () => await Promise.resolve({ missed: 'nobody looked' }),
    };
    const runs = [1, 2].map(async () => await campaign([blind], ['a seed']));
    const [one, other] = await Promise.all(runs);
    assert.deepEqual(one?.missed, other?.missed);
    assert.deepEqual(
      one?.missed.map(({ seed, why }) => `${seed}: ${why}`),
      ['a seed: nobody looked'],
    );
  });
});
