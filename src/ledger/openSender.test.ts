import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryLevel } from 'memory-level';
import {
  parseTransaction,
  recoverTransactionAddress,
  type TransactionSerializedEIP1559,
} from 'viem';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { bytesToHex } from '../crypto/bytes.ts';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import { systemClock as clock } from '../folder/systemClock.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { ZERO_ADDRESS } from '../protocol/ids.ts';
import { addressOf, SECRETS } from './ledger.cases.ts';
import { LedgerRejection } from './LedgerRejection.ts';
import { openEmbeddedLedger, type EmbeddedLedger } from './openEmbeddedLedger.ts';
import { openSender } from './openSender.ts';
import { signTransaction } from './signTransaction.ts';
import { hastyClock } from './test/hastyClock.ts';
import { probe, refuse, set } from './test/probe.ts';

const chainId = 4242;
const [secret] = SECRETS;

async function withLedger(run: (ledger: EmbeddedLedger) => Promise<void>): Promise<void> {
  const ledger = await openEmbeddedLedger({
    database: new MemoryLevel(),
    chainId,
    genesis: { timestamp: 1_700_000_000, senders: SECRETS.map(addressOf) },
    clock,
  });
  try {
    await run(ledger);
  } finally {
    await ledger.close();
  }
}

describe('a sender', () => {
  it('signs what viem reads as the same transaction of the same account', async () => {
    const to = addressOf(SECRETS[1]);
    for (const target of [{ to }, {}]) {
      for (const [nonce, fee, data] of [
        [0, 0n, '0x'],
        [300, 7n, set(1n, 2n)],
      ] as const) {
        const unsigned = { chainId, nonce, gas: 21_000, fee, data, ...target };
        const raw = bytesToHex(signTransaction(unsigned, secret, primitives));
        const read = parseTransaction(raw as TransactionSerializedEIP1559);
        assert.equal(read.type, 'eip1559');
        assert.equal(read.chainId, chainId);
        assert.equal(read.nonce ?? 0, nonce);
        assert.equal(read.gas, 21_000n);
        assert.equal(read.maxFeePerGas ?? 0n, fee);
        assert.equal(read.to?.toLowerCase(), 'to' in target ? to : undefined);
        assert.equal(read.data ?? '0x', data);
        const serializedTransaction = raw as TransactionSerializedEIP1559;
        const signer = await recoverTransactionAddress({ serializedTransaction });
        assert.equal(signer.toLowerCase(), addressOf(secret));
      }
    }
  });

  it('keeps a refused transaction from holding up those after it', async () => {
    await withLedger(async (provider) => {
      const sender = openSender({ provider, chainId, clock, primitives, secret });
      const { contract: to } = await sender.send({ data: probe.creation });
      assert.ok(to);
      const tooLong = `0x${'00'.repeat(140_000)}` as const;
      const sent = await Promise.allSettled([
        sender.send({ to, data: set(1n, 1n), gas: 100_000 }),
        sender.send({ to, data: tooLong, gas: 10_000_000 }),
        sender.send({ to, data: set(2n, 2n), gas: 100_000 }),
        sender.send({ to, data: refuse('0x12345678'), gas: 100_000 }),
        sender.send({ to, data: set(3n, 3n), gas: 100_000 }),
      ]);
      assert.deepEqual(
        sent.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
      );
      await sender.send({ to, data: set(4n, 4n), gas: 100_000 });
    });
  });

  it('names an error that the contracts do not know by its selector', async () => {
    await withLedger(async (provider) => {
      const sender = openSender({ provider, chainId, clock, primitives, secret });
      const { contract: to } = await sender.send({ data: probe.creation });
      assert.ok(to);
      const refusal = { code: 'RULE_REFUSED', values: { reason: '0x12345678' } };
      await assert.rejects(sender.send({ to, data: refuse('0x12345678') }), refusal);
    });
  });

  it('tries a request as nobody in a dry run, and sends nothing unless what waits for that agrees', async () => {
    await withLedger(async (ledger) => {
      const steps: unknown[] = [];
      const provider: LedgerProvider = {
        async request(call) {
          const [asked] = (call.params ?? []) as [{ readonly from?: unknown }];
          if (call.method === 'eth_estimateGas') steps.push({ from: asked.from });
          if (call.method === 'eth_sendRawTransactionSync') steps.push('sent');
          return await ledger.request(call);
        },
      };
      const sender = openSender({ provider, chainId, clock, primitives, secret });
      const { contract: to } = await sender.send({ data: probe.creation, gas: 3_000_000 });
      assert.ok(to);
      steps.length = 0;
      await sender.send({ to, data: set(1n, 1n), dryRun: () => void steps.push('passed') });
      assert.deepEqual(steps, [{ from: ZERO_ADDRESS }, 'passed', 'sent']);
      const spent = new MedsealError('QUOTA_SPENT', { what: 'wills' });
      const dryRun = (): never => {
        throw spent;
      };
      await assert.rejects(sender.send({ to, data: set(2n, 2n), dryRun }), spent);
      const count = (): void => void steps.push('the refused were counted');
      const refused = sender.send({ to, data: refuse('0x12345678'), dryRun: count });
      await assert.rejects(refused, { code: 'RULE_REFUSED', values: { reason: '0x12345678' } });
      await sender.send({ to, data: set(3n, 3n) });
      const tail = [
        { from: ZERO_ADDRESS },
        { from: ZERO_ADDRESS },
        { from: sender.address },
        'sent',
      ];
      assert.deepEqual(steps.slice(3), tail);
    });
  });

  // @attack somebody sends many requests that the contracts refuse, and whatever else the organisation sends waits | what is tried has a small line of its own
  it('lets what is tried hold up nothing that is sent, and tries a few at once', async () => {
    await withLedger(async (ledger) => {
      const held: (() => void)[] = [];
      const provider: LedgerProvider = {
        async request(call) {
          if (call.method === 'eth_estimateGas')
            await new Promise<void>((resolve) => void held.push(resolve));
          return await ledger.request(call);
        },
      };
      const sender = openSender({ provider, chainId, clock, primitives, secret });
      const { contract: to } = await sender.send({ data: probe.creation, gas: 3_000_000 });
      assert.ok(to);
      const data = refuse('0x12345678');
      const tried = Array.from({ length: 100 }, async () => {
        return await sender.send({ to, data, dryRun: () => undefined });
      });
      await sender.send({ to, data: set(1n, 1n), gas: 100_000 });
      assert.equal(held.length, 8);
      const all = Promise.allSettled(tried);
      for (let free = 0; free < 100; free++) {
        while (held[0] === undefined) await new Promise((resolve) => setImmediate(resolve));
        held.shift()?.();
      }
      assert.ok((await all).every(({ status }) => status === 'rejected'));
    });
  });

  it('explains a failure in a block by the sender’s own call, also if the request was tried as nobody', async () => {
    await withLedger(async (ledger) => {
      const explained: unknown[] = [];
      const provider: LedgerProvider = {
        async request(call) {
          // Too little for the first write of a slot.
          if (call.method === 'eth_estimateGas') return '0x7530';
          const [asked] = (call.params ?? []) as [{ readonly from?: unknown }];
          if (call.method === 'eth_call') explained.push(asked.from);
          return await ledger.request(call);
        },
      };
      const sender = openSender({ provider, chainId, clock, primitives, secret });
      const { contract: to } = await sender.send({ data: probe.creation, gas: 3_000_000 });
      assert.ok(to);
      await assert.rejects(sender.send({ to, data: set(1n, 1n), dryRun: () => undefined }));
      assert.deepEqual(explained, [sender.address]);
    });
  });

  it('has no more under way than the ledger takes of one account, and keeps their order', async () => {
    await withLedger(async (ledger) => {
      let underWay = 0;
      let most = 0;
      const provider: LedgerProvider = {
        async request(call) {
          if (call.method !== 'eth_sendRawTransactionSync') return await ledger.request(call);
          most = Math.max(most, ++underWay);
          const answer = await ledger.request(call);
          underWay -= 1;
          return answer;
        },
      };
      const sender = openSender({ provider, chainId, clock, primitives, secret });
      const { contract: to } = await sender.send({ data: probe.creation });
      assert.ok(to);
      const data = set(1n, 1n);
      const receipts = await Promise.all(
        Array.from({ length: 100 }, async () => await sender.send({ to, data, gas: 100_000 })),
      );
      const blocks = receipts.map(({ block }) => block);
      assert.deepEqual(
        blocks,
        blocks.toSorted((one, other) => one - other),
      );
      assert.equal(most, 64);
    });
  });

  it('asks for a nonce again only after a pause if another one used it', async () => {
    await withLedger(async (ledger) => {
      const asked: number[] = [];
      const provider: LedgerProvider = {
        async request(call) {
          if (call.method !== 'eth_getTransactionCount') return await ledger.request(call);
          asked.push(Date.now());
          return asked.length < 3 ? '0x0' : await ledger.request(call);
        },
      };
      const other = openSender({ provider: ledger, chainId, clock, primitives, secret });
      await other.send({ data: probe.creation });
      const sender = openSender({ provider, chainId, clock, primitives, secret });
      await sender.send({ data: probe.creation, gas: 3_000_000 });
      assert.equal(asked.length, 3);
      assert.ok(Number(asked.at(-1)) - Number(asked[0]) >= 200 - 2);
    });
  });

  it('sends nothing twice if an answer was lost, though the ledger tells of the used nonce before the receipt', async () => {
    await withLedger(async (ledger) => {
      let [sent, looks] = [0, 0];
      const provider: LedgerProvider = {
        async request(call) {
          if (call.method === 'eth_getTransactionReceipt' && ++looks <= 3) return null;
          if (call.method !== 'eth_sendRawTransactionSync') return await ledger.request(call);
          if (++sent === 2)
            throw new LedgerRejection(-32_000, 'nonce too low: next nonce 1, tx nonce 0');
          const answer = await ledger.request(call);
          if (sent === 1) throw new MedsealError('LEDGER_UNREACHABLE', {});
          return answer;
        },
      };
      const sender = openSender({ provider, chainId, clock, primitives, secret });
      const { transaction } = await sender.send({ data: probe.creation, gas: 3_000_000 });
      assert.deepEqual([sent, looks], [2, 4]);
      const receipt = await ledger.request({
        method: 'eth_getTransactionReceipt',
        params: [transaction],
      });
      assert.ok(receipt !== null);
      const params = [sender.address, 'latest'];
      assert.equal(await ledger.request({ method: 'eth_getTransactionCount', params }), '0x1');
    });
  });

  it('hands a transaction over again that the ledger took and forgot, as one does that ends', async () => {
    await withLedger(async (ledger) => {
      let sent = 0;
      const hasty = hastyClock();
      const provider: LedgerProvider = {
        async request(call) {
          if (!call.method.startsWith('eth_sendRawTransaction')) return await ledger.request(call);
          if (++sent === 1) throw new LedgerRejection(4, 'the transaction is in no block yet');
          if (sent === 2) throw new MedsealError('LEDGER_UNREACHABLE', {});
          if (sent === 3) throw new LedgerRejection(-32_000, 'replacement transaction underpriced');
          return await ledger.request(call);
        },
      };
      const sender = openSender({ provider, chainId, clock: hasty, primitives, secret });
      await sender.send({ data: probe.creation, gas: 3_000_000 });
      assert.equal(sent, 4);
      assert.ok(hasty.passed < 20_000, `${hasty.passed} ms`);
      const params = [sender.address, 'latest'];
      assert.equal(await ledger.request({ method: 'eth_getTransactionCount', params }), '0x1');
    });
  });

  it('takes another nonce once it hears that a block has another transaction with its own', async () => {
    await withLedger(async (ledger) => {
      let sent = 0;
      const hasty = hastyClock();
      const other = openSender({ provider: ledger, chainId, clock, primitives, secret });
      const provider: LedgerProvider = {
        async request(call) {
          if (call.method !== 'eth_sendRawTransactionSync' || ++sent > 1) {
            return await ledger.request(call);
          }
          // A former process of the account left one at other validators.
          await other.send({ data: probe.creation });
          throw new LedgerRejection(4, 'the transaction is in no block yet');
        },
      };
      const sender = openSender({ provider, chainId, clock: hasty, primitives, secret });
      await sender.send({ data: probe.creation, gas: 3_000_000 });
      assert.equal(sent, 2);
      assert.ok(hasty.passed < 30_000, `${hasty.passed} ms`);
      assert.equal(await countOf(ledger, sender.address), '0x2');
    });
  });

  it('does not send again while it cannot be told what used its nonce', async () => {
    await withLedger(async (ledger) => {
      const handed = new Set<unknown>();
      const other = openSender({ provider: ledger, chainId, clock, primitives, secret });
      const provider: LedgerProvider = {
        async request(call) {
          if (call.method === 'eth_getBlockByNumber') throw new LedgerRejection(-32_000, 'pruned');
          if (!call.method.startsWith('eth_sendRawTransaction')) return await ledger.request(call);
          if (handed.has(call.params?.[0])) return await ledger.request(call);
          handed.add(call.params?.[0]);
          await other.send({ data: probe.creation });
          throw new LedgerRejection(4, 'the transaction is in no block yet');
        },
      };
      const sender = openSender({ provider, chainId, clock: hastyClock(), primitives, secret });
      const sent = sender.send({ data: probe.creation, gas: 3_000_000 });
      await assert.rejects(sent, { code: 'NOT_YET' });
      assert.equal(handed.size, 1);
      assert.equal(await countOf(ledger, sender.address), '0x1');
    });
  });

  it('fills a nonce that the ledger counted when it was asked, and then forgot', async () => {
    await withLedger(async (ledger) => {
      let [asked, sent] = [0, 0];
      const hasty = hastyClock();
      const provider: LedgerProvider = {
        async request(call) {
          if (call.method === 'eth_getTransactionCount' && ++asked === 1) return '0x2';
          if (call.method !== 'eth_sendRawTransactionSync' || ++sent > 2) {
            return await ledger.request(call);
          }
          await ledger.request({ ...call, method: 'eth_sendRawTransaction' });
          throw new LedgerRejection(4, 'the transaction is in no block yet');
        },
      };
      const sender = openSender({ provider, chainId, clock: hasty, primitives, secret });
      const two = [1, 2].map(
        async () => await sender.send({ data: probe.creation, gas: 3_000_000 }),
      );
      await Promise.all(two);
      assert.equal(sent, 4, 'each missing one is filled once');
      assert.ok(hasty.passed < 40_000, `${hasty.passed} ms`);
      assert.equal(await countOf(ledger, sender.address), '0x4');
    });
  });

  it('fills no more nonces than a ledger lets wait, however far one has counted', async () => {
    await withLedger(async (ledger) => {
      let asked = 0;
      const handed = new Set<unknown>();
      const provider: LedgerProvider = {
        async request(call) {
          if (call.method === 'eth_getTransactionCount' && ++asked === 1) return '0x100000';
          if (!call.method.startsWith('eth_sendRawTransaction')) return await ledger.request(call);
          handed.add(call.params?.[0]);
          if (asked > 1 && handed.size > 1) return await ledger.request(call);
          throw new LedgerRejection(4, 'the transaction is in no block yet');
        },
      };
      const sender = openSender({ provider, chainId, clock: hastyClock(), primitives, secret });
      const outgoing = { data: probe.creation, gas: 3_000_000 };
      await assert.rejects(sender.send(outgoing), { code: 'NOT_YET' });
      assert.equal(handed.size, 1, 'nothing is filled');
      await sender.send(outgoing);
      assert.equal(await countOf(ledger, sender.address), '0x1');
    });
  });

  it('does not fill a nonce that it is sending itself', async () => {
    await withLedger(async (ledger) => {
      let sent = 0;
      const hasty = hastyClock();
      const provider: LedgerProvider = {
        async request(call) {
          if (call.method !== 'eth_sendRawTransactionSync') return await ledger.request(call);
          // The first one is lost on the way.
          if (++sent > 1) await ledger.request({ ...call, method: 'eth_sendRawTransaction' });
          throw new LedgerRejection(4, 'the transaction is in no block yet');
        },
      };
      const sender = openSender({ provider, chainId, clock: hasty, primitives, secret });
      const two = [1, 2].map(
        async () => await sender.send({ data: probe.creation, gas: 3_000_000 }),
      );
      const contracts = (await Promise.all(two)).map(({ contract }) => contract);
      assert.equal(new Set(contracts).size, 2);
      assert.equal(sent, 2);
      assert.equal(await countOf(ledger, sender.address), '0x2');
    });
  });

  for (const [says, answer] of [
    ['says that no block has it yet', new LedgerRejection(4, 'it is in no block yet')],
    ['says nothing', undefined],
  ] as const) {
    it(`does not wait, once it is ended, for a ledger that ${says}, and sends nothing more`, async () => {
      await withLedger(async (ledger) => {
        const ended = new AbortController();
        const sent: (() => Promise<unknown>)[] = [];
        const provider: LedgerProvider = {
          async request(call) {
            if (call.method !== 'eth_sendRawTransactionSync') return await ledger.request(call);
            sent.push(async () => await ledger.request(call));
            setImmediate(() => ended.abort());
            if (answer !== undefined) throw answer;
            return await new Promise(() => undefined);
          },
        };
        const options = { provider, chainId, clock, primitives, secret, ended: ended.signal };
        const sender = openSender(options);
        const code = 'CLOSED';
        await assert.rejects(sender.send({ data: probe.creation, gas: 3_000_000 }), { code });
        await assert.rejects(sender.send({ data: probe.creation, gas: 3_000_000 }), { code });
        assert.equal(sent.length, 1);
        // A later block has it all the same, and the account goes on after it.
        await sent[0]?.();
        const again = openSender({ ...options, provider: ledger, ended: undefined });
        await again.send({ data: probe.creation });
        const params = [again.address, 'latest'];
        assert.equal(await ledger.request({ method: 'eth_getTransactionCount', params }), '0x2');
      });
    });
  }

  it('needs a scalar in range', () => {
    const provider = { request: async () => await Promise.resolve(null) };
    const options = { provider, chainId, clock, primitives };
    const code = 'SEED_MALFORMED';
    assert.throws(() => openSender({ ...options, secret: new Uint8Array(32) }), { code });
    assert.throws(() => openSender({ ...options, secret: new Uint8Array(31) }), { code });
  });
});

/** Number of transactions of an account that are in blocks. */
async function countOf(ledger: LedgerProvider, account: string): Promise<unknown> {
  const params = [account, 'latest'];
  return await ledger.request({ method: 'eth_getTransactionCount', params });
}
