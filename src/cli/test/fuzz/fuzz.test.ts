import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { doors } from './targets.ts';
import { startLife, type Life } from './life.ts';
import { runTarget } from './runTarget.ts';

/** Number of visits to each target here; the slow tests try for minutes, `npm run fuzz` as often as is wanted. */
const RUNS: Readonly<Record<string, number>> = {
  http: 120,
  'json-rpc': 150,
  ledger: 15,
  'proven-ledger': 60,
  agent: 8,
  'peer-calls': 30,
  files: 40,
  restore: 12,
  node: 12,
  folders: 1,
  sockets: 60,
  suspension: 4,
  'raw-http': 20,
  sealed: 60,
  arguments: 400,
  'peer-answers': 4,
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
