import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { measureWorst } from './test/worst/measureWorst.ts';

/**
 * A time that nobody may wait for one request of another, milliseconds. It is ten times what the bench holds on a machine
 * that does nothing else: a fault of the kind that this test looks for takes seconds.
 */
const BAR = 2_000;

describe('while any single request is worked on', () => {
  // @attack any single request keeps the others waiting | all of these
  it('nothing holds up the process for long, and the others are answered', async (t) => {
    for await (const { name, took, pause, honest, idle } of measureWorst()) {
      t.diagnostic(`${name}: ${[took, pause, honest, idle].map(Math.round).join(', ')} ms`);
      assert.ok(pause < BAR, `${name} holds up the process for ${pause} ms`);
      // A machine that stands still for seconds keeps a process waiting too that has nothing to do.
      const waited = honest - idle;
      assert.ok(waited < BAR, `${name} keeps others waiting for ${waited} ms`);
    }
  });
});
