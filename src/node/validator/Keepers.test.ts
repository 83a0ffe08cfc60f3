import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestClock } from '../../ledger/test/TestClock.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { Keepers } from './Keepers.ts';

const network = { channels: [{ thresholds: { writes: 2 } }] } as unknown as NetworkFile;
const clock = new TestClock(0);

/** Plays the others' nodes: what each keeps, or that it does not answer. */
function playing(answers: readonly (boolean | undefined)[]): {
  areEnough: () => Promise<boolean>;
  said: string[];
} {
  const said: string[] = [];
  const others = answers.map((all, place) => ({
    organisation: `other-${place}`,
    url: 'http://other.example',
    clock,
    fetch: async () =>
      await (all === undefined
        ? Promise.reject(new Error('away'))
        : Promise.resolve(Response.json({ all, snapshots: false }))),
  }));
  const log = {
    info: (event: string) => said.push(`info: ${event}`),
    warn: (event: string) => said.push(`warn: ${event}`),
  };
  const keepers = new Keepers({ others: () => others, log });
  return { areEnough: async () => await keepers.areEnough(network), said };
}

describe('organisations that keep all blocks', () => {
  it('are enough if k others say so', async () => {
    const { areEnough, said } = playing([true, false, true]);
    assert.equal(await areEnough(), true);
    assert.equal(await areEnough(), true);
    assert.deepEqual(said, ['info: validator removes older blocks']);
  });

  it('are too few if one of k does not answer, or removes blocks too', async () => {
    for (const answers of [[true, undefined, false], [false, false, false], [true, false], []]) {
      const { areEnough, said } = playing(answers);
      assert.equal(await areEnough(), false, answers.join());
      assert.deepEqual(said, ['warn: too few others keep all blocks: validator removes none']);
    }
  });
});
