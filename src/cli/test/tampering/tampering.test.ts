import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { campaign } from './campaign.ts';
import { setStage } from './Stage.ts';
import type { Subject } from './Subject.ts';
import { subjectsOf } from './subjectsOf.ts';

/** A small slice; `npm run tamper` goes on for as long as one likes. */
describe('a network at rest that was altered', () => {
  let root: string;
  let subjects: readonly Subject[];

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'medseal-tamper-'));
    subjects = await subjectsOf(await setStage(root, 'small'));
  });
  after(async () => await rm(root, { recursive: true }));

  it('is found to be so by fsck or verify, or says the same to everybody, whatever was altered', async () => {
    const seeds = Array.from({ length: 60 }, (_, n) => `quick ${n}`);
    const { missed, classes } = await campaign(subjects, seeds);
    assert.deepEqual(missed, []);
    assert.ok(classes.size > 20);
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
