import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LedgerRejection } from '../ledger/LedgerRejection.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import type { LedgerProvider } from './LedgerProvider.ts';
import { readLogRanges, readLogs } from './readLogs.ts';

const ADDRESS = `0x${'ab'.repeat(20)}` as const;

interface Filter {
  readonly fromBlock: string;
  readonly toBlock: string;
}

/** A ledger with a log in each block, that answers for so many blocks at a time. */
function narrow(
  most: number,
  rejection: Error = new LedgerRejection(-32005, 'query returned more than wanted'),
): { readonly provider: LedgerProvider; readonly asked: number[] } {
  const asked: number[] = [];
  const provider: LedgerProvider = {
    async request({ params = [] }) {
      const { fromBlock, toBlock } = params[0] as Filter;
      const [from, to] = [Number(fromBlock), Number(toBlock)];
      asked.push(to - from + 1);
      if (to - from + 1 > most) throw rejection;
      return await Promise.resolve(Array.from({ length: to - from + 1 }, (_, i) => from + i));
    },
  };
  return { provider, asked };
}

describe('logs of a range of blocks', () => {
  it('come once and in order, however few blocks a ledger answers for at a time', async () => {
    for (const most of [1, 2, 7, 1000]) {
      const logs = await readLogs(narrow(most).provider, { addresses: [ADDRESS], from: 3, to: 99 });
      assert.deepEqual(
        logs,
        Array.from({ length: 97 }, (_, i) => i + 3),
      );
    }
    const { provider, asked } = narrow(10);
    assert.deepEqual(await readLogs(provider, { addresses: [ADDRESS], from: 5, to: 4 }), []);
    assert.equal(asked.length, 0);
  });

  it('come whatever a ledger says when it is asked for too many blocks', async () => {
    const { provider, asked } = narrow(7, new LedgerRejection(-32600, 'nein'));
    const logs = await readLogs(provider, { addresses: [ADDRESS], from: 0, to: 99 });
    assert.equal(logs.length, 100);
    assert.ok(asked.length < 50, String(asked.length));
  });

  // @actor an admitted account | makes so much to read that a range of blocks is never answered in time, and no node starts again
  it('come from a ledger that is too slow for many blocks, and what it refuses or is late for ends nothing', async () => {
    for (const late of [
      new MedsealError('LEDGER_UNREACHABLE', {}),
      new MedsealError('LEDGER_SLOW', { seconds: 180 }),
    ]) {
      const { provider, asked } = narrow(3, late);
      const logs = await readLogs(provider, { addresses: [ADDRESS], from: 0, to: 29_999 });
      assert.equal(logs.length, 30_000);
      const waits = asked.filter((width) => width > 3).length;
      assert.ok(waits < 10, String(waits));
      const alone = readLogs(narrow(0, late).provider, {
        addresses: [ADDRESS],
        from: 7,
        to: 7,
      });
      await assert.rejects(alone, { code: late.code });
    }
  });

  it('are given as they come, so that what came before an error is not lost', async () => {
    const { provider } = narrow(10);
    const failing: LedgerProvider = {
      async request(call) {
        const { fromBlock } = (call.params ?? [])[0] as Filter;
        if (Number(fromBlock) > 50) throw new MedsealError('PEER_MALFORMED', { what: 'answer' });
        return await provider.request(call);
      },
    };
    const given: number[] = [];
    let until = 0;
    await assert.rejects(async () => {
      const ranges = readLogRanges(failing, { addresses: [ADDRESS], from: 1, to: 99 });
      for await (const { logs, last } of ranges) {
        given.push(...(logs as number[]));
        until = last;
      }
    }, failsWith('PEER_MALFORMED'));
    assert.ok(until >= 50);
    assert.deepEqual(
      given,
      Array.from({ length: until }, (_, i) => i + 1),
    );
  });

  it('are an error where the ledger answers for no block at all, or with something else', async () => {
    const { provider } = narrow(0);
    const range = { addresses: [ADDRESS], from: 0, to: 99 };
    await assert.rejects(readLogs(provider, range), failsWith('LEDGER_REJECTED'));
    for (const answer of [null, {}, 'logs', 7]) {
      const odd: LedgerProvider = { request: async () => await Promise.resolve(answer) };
      await assert.rejects(readLogs(odd, range), failsWith('PEER_MALFORMED'));
    }
  });

  it('are not asked for without end, wherever the ledger says that it stands', async () => {
    let calls = 0;
    const provider: LedgerProvider = {
      async request({ params = [] }) {
        calls += 1;
        const { fromBlock, toBlock } = params[0] as Filter;
        if (fromBlock !== toBlock) throw new LedgerRejection(-32005, 'too many');
        return await Promise.resolve([]);
      },
    };
    const range = { addresses: [ADDRESS], from: 0, to: Number.MAX_SAFE_INTEGER - 1 };
    await assert.rejects(readLogs(provider, range), failsWith('PEER_MALFORMED'));
    assert.ok(calls <= 20_100, String(calls));
  });
});
