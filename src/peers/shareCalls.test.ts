import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { MOST_LANES } from '../ledger/chain/limits.ts';
import { TestClock } from '../ledger/test/TestClock.ts';
import { shareCalls } from './shareCalls.ts';

/** A ledger whose calls run until the test ends them. */
class Running implements LedgerProvider {
  readonly calls: string[] = [];
  readonly ends: (() => void)[] = [];

  async request({ method, params }: Parameters<LedgerProvider['request']>[0]): Promise<unknown> {
    this.calls.push(`${method} ${String(params?.[0])}`);
    if (params?.[0] === 'long') await new Promise<void>((resolve) => this.ends.push(resolve));
    return 'answered';
  }
}

describe('the calls that organisations have the ledger run', () => {
  // @attack an organisation has the ledger run so much that no other's transaction is prepared | an eighth of what the ledger runs at a time is for one organisation
  it('fill an eighth of it if they are all of one, and the others run beside', async () => {
    const ledger = new Running();
    const clock = new TestClock(0);
    const ledgerOf = shareCalls(ledger, clock);
    const long = { method: 'eth_call', params: ['long'] };
    const asked = Array.from({ length: 40 }, async () => await ledgerOf('insurer').request(long));
    const short = { method: 'eth_estimateGas', params: ['short'] };
    assert.equal(await ledgerOf('laboratory').request(short), 'answered');
    assert.equal(ledger.ends.length, MOST_LANES / 8);
    // Methods that run no code do not wait.
    assert.equal(await ledgerOf('insurer').request({ method: 'eth_blockNumber' }), 'answered');
    const all = Promise.all(asked);
    for (let ended = 0; ended < asked.length; ended += 1) {
      while (ledger.ends.length === 0) await Promise.resolve();
      assert.ok(ledger.ends.length <= MOST_LANES / 8);
      ledger.ends.shift()?.();
    }
    await all;
    assert.equal(clock.pending, 0);
  });
});
