import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { doors } from './targets.ts';
import { startLife, type Life } from './life.ts';
import { runTarget } from './runTarget.ts';

/** Number of visits to each target here; the slow tests try for minutes, `npm run fuzz` as often as is wanted. */
const RUNS: Readonly<Record<string, number>> = {
  http: 60,
  'json-rpc': 60,
  ledger: 6,
  'proven-ledger': 20,
  agent: 4,
  'peer-calls': 12,
  files: 16,
  restore: 5,
  node: 5,
  folders: 1,
  sockets: 20,
  suspension: 2,
  'raw-http': 8,
  sealed: 20,
  arguments: 120,
  'peer-answers': 2,
};

describe('whatever comes in at a door', () => {
  let life: Life;
  before(async () => {
    life = await startLife();
  });
  after(async () => {
    await life.close();
  });

  for (const [name, open] of Object.entries(doors)) {
    it(`is met with an answer or an error that was meant: ${name}`, async () => {
      const runs = RUNS[name];
      assert.ok(runs !== undefined, 'how often?');
      assert.equal(await runTarget({ name, open, life, seed: 'quick', runs }), runs);
    });
  }
});
