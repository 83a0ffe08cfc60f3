import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Hex } from '../protocol/ids.ts';
import type { TransactionReceipt } from './openSender.ts';
import {
  fourOf,
  secretOf,
  founders,
  connect,
  senderAt,
  heightOf,
  requireWhole,
  until,
} from './test/askValidators.ts';
import { probe, set } from './test/probe.ts';
import { engineMissing, startEngines } from './test/startEngines.ts';

describe('validators that nothing waits at', { skip: engineMissing ?? false }, () => {
  it('make blocks slowly, and have a transaction final at once, also while one of them hangs', async (t) => {
    const terms = { validators: 4, senders: founders, blockTime: 300, idleBlockTime: 20_000 };
    const network = await startEngines(terms);
    t.after(async () => {
      await network.close();
    });
    const [first, , third] = fourOf(network);
    const sender = await senderAt(first, secretOf(1));
    const { contract } = await sender.send({ data: probe.creation });
    assert.ok(contract);
    const send = async (value: bigint): Promise<{ took: number; receipt: TransactionReceipt }> => {
      const began = Date.now();
      const call = { to: contract, data: set(value, value), gas: 100_000 };
      const receipt = await sender.send(call);
      return { took: Date.now() - began, receipt };
    };
    const rest = async (): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      return await heightOf(first);
    };
    const before = await rest();
    assert.equal(await rest(), before);

    const { took, receipt } = await send(1n);
    t.diagnostic(`a transaction at rest took ${took} ms`);
    assert.ok(took < 2_500, `it took ${took} ms`);
    const provider = await connect(third);
    const block = (await provider.request({
      method: 'eth_getBlockByNumber',
      params: [`0x${receipt.block.toString(16)}`, false],
    })) as { readonly timestamp: Hex };
    const age = Date.now() / 1000 - Number(block.timestamp);
    assert.ok(age < 5, `its block is ${age} s behind the clock`);
    const provable = async (): Promise<boolean> => (await heightOf(third)) > receipt.block;
    await until('the next block proves its state', provable, 2_500);
    assert.ok((await rest()) <= receipt.block + 1);

    process.kill(third.pid, 'SIGSTOP');
    try {
      // Each one's turn comes within four.
      for (const value of [2n, 3n, 4n, 5n]) {
        const { took: late } = await send(value);
        t.diagnostic(`with one that hangs ${late} ms`);
        assert.ok(late < 6_000, `it took ${late} ms`);
        await rest();
      }
    } finally {
      process.kill(third.pid, 'SIGCONT');
    }
  });

  it('take what is sent as soon as all of them start again at once, and what they forgot', async (t) => {
    const terms = { validators: 4, senders: founders, blockTime: 300, idleBlockTime: 20_000 };
    const network = await startEngines(terms);
    t.after(async () => {
      await network.close();
    });
    const all = fourOf(network);
    const [first, second, third, last] = all;
    const sender = await senderAt(first, secretOf(1));
    const { contract: to } = await sender.send({ data: probe.creation });
    assert.ok(to);
    const restart = async (): Promise<void> => {
      await Promise.all(all.map(async (each) => await each.stop('SIGKILL')));
      await Promise.all(all.map(async (each) => await each.start()));
    };
    await restart();
    const began = Date.now();
    const early = await Promise.all(
      [1n, 2n, 3n].map(
        async (value) => await sender.send({ to, data: set(value, value), gas: 100_000 }),
      ),
    );
    t.diagnostic(`the first transactions took ${Date.now() - began} ms`);
    assert.ok(Date.now() - began < 10_000);

    await Promise.all([third.stop('SIGKILL'), last.stop('SIGKILL')]);
    const waiting = sender.send({ to, data: set(4n, 4n), gas: 100_000 });
    const provider = await connect(first);
    const params = [sender.address, 'pending'];
    const count = { method: 'eth_getTransactionCount', params };
    await until('it waits', async () => (await provider.request(count)) === '0x5', 5_000);
    // By then the sender was told that it is in no block yet, and looks for its receipt.
    await new Promise((resolve) => setTimeout(resolve, 11_000));
    await Promise.all([first.stop('SIGKILL'), second.stop('SIGKILL')]);
    const again = Date.now();
    await restart();
    const late = await waiting;
    t.diagnostic(`what was forgotten took ${Date.now() - again} ms`);
    assert.ok(Date.now() - again < 20_000);
    await requireWhole(all, to, [...early, late]);
  });
});
