import assert from 'node:assert/strict';
import { it } from 'node:test';
import { simulateLiar } from './simulateLiar.ts';
import { manySimulations, simulations } from './simulations.ts';

/**
 * `SEED` is one run. Otherwise there are `SEEDS` runs, or as many as begin within `SECONDS`: the same ones each time, so
 * that a change is what makes them fail. `npm run proof simulate -- --name TEXT` tries new seeds.
 */
const { SEED, SEEDS = '440', SECONDS = '20' } = process.env;
const STEPS = 8;

it('a consortium agrees again on when keys turn, however late a packet comes, and whoever judged a view', async () => {
  await simulations(['today 61', 'today 94', 'late november 3559'], STEPS);
});

it('a consortium keeps its promises in short runs after those of the quick test', async () => {
  await simulations(['quick 2', 'quick 3', 'quick 4', 'quick 5'], 4);
});

it('a consortium goes the same way again with the same seed, and another with another', async () => {
  const [first, other] = await simulations(['quick 0', 'quick 1'], 4);
  const [again] = await simulations(['quick 0'], 4);
  assert.match(first ?? '', /^[0-9a-f]{64}$/);
  assert.equal(again, first);
  assert.notEqual(other, first);
});

it('a consortium confirms the keys of a chart though its validators are a block apart', async () => {
  await simulations(['k 1', 'k 32', 'validators 1'], 4, 'validators');
});

it('a consortium whose validators hold the ledger keeps its promises in as many runs as there is time for', async (t) => {
  const limits = { steps: 4, seeds: Number(SEEDS), seconds: Number(SECONDS) } as const;
  t.diagnostic(
    await manySimulations('validators 1795350000000', { ...limits, ledger: 'validators' }),
  );
});

it('a consortium with a log that has two copies shows each reading in as many runs as there is time for', async (t) => {
  const until = performance.now() + 1000 * Number(SECONDS);
  let runs = 0;
  for (; runs < Number(SEEDS) && performance.now() < until; runs++) {
    const seed = `liar ${100 + runs}`;
    const { violations, trace } = await simulateLiar(seed);
    assert.deepEqual(violations, [], `${seed}\n${trace.join('\n')}`);
  }
  t.diagnostic(`${runs} runs`);
});

it('a consortium keeps its promises in as many runs as there is time for', async (t) => {
  if (SEED !== undefined) {
    await simulations([SEED], STEPS);
    return;
  }
  const limits = { steps: STEPS, seeds: Number(SEEDS), seconds: Number(SECONDS) };
  t.diagnostic(await manySimulations('slow 1795190377780', limits));
});
