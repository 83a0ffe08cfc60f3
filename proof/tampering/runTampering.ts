import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AtRest } from './AtRest.ts';
import { campaign } from './campaign.ts';
import { tableOf } from './tableOf.ts';
import { setStage } from './Stage.ts';
import { subjectsOf } from './subjectsOf.ts';
import { readOptions } from '../../src/node/test/readOptions.ts';

/**
 * Alters a stopped network at rest, thing by thing, and counts what finds it:
 * `node runTampering.ts [--seeds N] [--seed TEXT] [--from N] [--size whole|small] [--only CLASS]`.
 * It ends with 1 where an alteration was neither found nor harmless, and prints its seed.
 */
const { values } = readOptions({
  usage:
    'npm run proof tamper -- [--seeds N] [--seed TEXT] [--from N] [--size whole|small] [--only CLASS]',
  about: `Alters a stopped network at rest, thing by thing, and counts what finds it. It ends with 1 where an alteration was
neither found nor harmless.`,
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '0' },
    seed: { type: 'string', default: 'tamper' },
    size: { type: 'string', default: 'whole' },
    only: { type: 'string' },
  },
});

const root = await mkdtemp(join(tmpdir(), 'medseal-tamper-'));
try {
  const began = performance.now();
  const stage = await setStage(root, values.size === 'small' ? 'small' : 'whole');
  const subjects = await subjectsOf(stage);
  const founded = (performance.now() - began) / 1000;
  const first = Number(values.from);
  const seeds = Array.from(
    { length: Number(values.seeds) },
    (_, n) => `${values.seed} ${first + n}`,
  );
  const { classes, missed } = await campaign(subjects, seeds, {
    only: values.only,
    onMissed: ({ seed, what, why }) => {
      process.stdout.write(`NOT FOUND (seed '${seed}'): ${what}: ${why}\n`);
    },
  });
  // Throws if one was not taken back: it would have hidden those that came after it.
  await AtRest.open(stage.data);
  process.stdout.write(`${tableOf(classes)}\n`);
  const seconds = (performance.now() - began) / 1000 - founded;
  process.stdout.write(
    `${seeds.length} alterations in ${seconds.toFixed(0)} s, after ${founded.toFixed(0)} s of founding; ${missed.length} neither found nor harmless\n`,
  );
  if (missed.length > 0) process.exitCode = 1;
} finally {
  await rm(root, { recursive: true, force: true });
}
