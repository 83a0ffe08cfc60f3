import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simulateLiar, type LiarRun } from './simulateLiar.ts';

/**
 * Runs that find a mend absent: releases that wait for a checkpoint (5), presented entries that are kept until the ledger agrees
 * (5, 36), releases that are told by chart (7), and a restored coordinator that waits for a checkpoint (28, 111).
 */
const SEEDS = ['liar 5', 'liar 7', 'liar 28', 'liar 36', 'liar 111'];

describe('a consortium in which a log’s organisation has two copies of its node', () => {
  const runs: LiarRun[] = [];

  // @actor the organisation of a log with two copies of its node, shown to whomever it pleases, while others restart and come back from backups | to have a reading released that no log and no audit has, or two histories that nobody is told of
  it('has each reading in the log and each fork in the audits, whatever is shown to whom', async () => {
    for (const seed of SEEDS) {
      const run = await simulateLiar(seed);
      assert.deepEqual(run.violations, [], `${seed}\n${run.trace.join('\n')}`);
      runs.push(run);
    }
  });

  it('is shown two histories in these runs, and reads', () => {
    assert.ok(runs.some(({ forked }) => forked));
    assert.ok(runs.some(({ readings }) => readings > 0));
  });
});
