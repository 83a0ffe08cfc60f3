import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runMedseal, temporaryFolder } from './test/runMedseal.ts';

interface Printed {
  readonly ok: boolean;
  readonly steps: readonly {
    readonly name: string;
    readonly log?: string;
    readonly index?: number;
    readonly checkpoint?: number;
    /** All entries of the step, where it has several. */
    readonly entries?: readonly string[];
  }[];
  readonly receipts: readonly {
    readonly log: string;
    readonly index: number;
    readonly transaction: string;
  }[];
}

describe('medseal scenario --wait receipt', () => {
  it('plays on a network that was kept, and waits for the receipt of each entry', async (t) => {
    const folder = await temporaryFolder(t);
    const first = await runMedseal('scenario', '--data', folder, '--json');
    assert.equal(first.code, 0, first.stderr);
    const second = await runMedseal('scenario', '--data', folder, '--wait', 'receipt', '--json');
    const { ok, steps, receipts } = JSON.parse(second.stdout) as Printed;
    assert.equal(ok, true);
    for (const { name, log, index = 0, checkpoint = 0 } of steps) {
      if (log !== undefined) assert.ok(checkpoint > index, name);
    }
    const entered = new Set(
      steps.flatMap(({ log, index, entries }) => entries ?? (log ? [`${log}#${index}`] : [])),
    );
    for (const { log, index, transaction } of receipts) {
      assert.ok(entered.has(`${log}#${index}`));
      assert.match(transaction, /^0x[0-9a-f]{64}$/);
    }
    assert.equal(receipts.length, entered.size, 'one for each entry');
  });
});
