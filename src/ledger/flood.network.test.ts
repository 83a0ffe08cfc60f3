import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '../crypto/bytes.ts';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import type { Address, Hex } from '../protocol/ids.ts';
import { addressOf } from './ledger.cases.ts';
import { signTransaction } from './signTransaction.ts';
import { CHAIN, connect, fourOf, founders, secretOf, senderAt } from './test/askValidators.ts';
import { probe, set } from './test/probe.ts';
import { engineMissing, startEngines, type Engines } from './test/startEngines.ts';

/** Transactions of the flood, and the gas limit of each: a block has room for 30 of them. */
const FLOOD = 2_000;
const GAS = 2_000_000;
/** Transactions of an account that a validator lets wait: by their gas, four blocks of them. */
const BOUND = 120;

describe(
  'a flood of one account’s transactions at a validator',
  { skip: engineMissing ?? false },
  () => {
    let network: Engines;
    let contract: Address;

    before(async () => {
      network = await startEngines({ validators: 4, senders: founders, blockTime: 300 });
      const creator = await senderAt(fourOf(network)[0], secretOf(1));
      contract =
        (await creator.send({ data: probe.creation })).contract ?? assert.fail('no contract');
    });
    after(async () => {
      await network.close();
    });

    // @actor an administrator | to fill all blocks
    it('keeps nobody else waiting for more than a few blocks, there and elsewhere', async (t) => {
      const [first, second, third] = fourOf(network);
      const flooded = await connect(first);
      const from = secretOf(1);
      const nonce = Number(
        await flooded.request({
          method: 'eth_getTransactionCount',
          params: [addressOf(from), 'latest'],
        }),
      );
      const signed = Array.from({ length: FLOOD }, (_, place): Hex => {
        const data = set(BigInt(place), 1n);
        const call = {
          chainId: CHAIN,
          nonce: nonce + place,
          fee: 0n,
          gas: GAS,
          to: contract,
          data,
        };
        return bytesToHex(signTransaction(call, from, primitives));
      });
      const taken = new Set<Hex>();
      let refused = 0;
      const ending = new AbortController();
      const waiting = [...signed];
      const flood = Array.from({ length: 32 }, async () => {
        for (let raw = waiting.shift(); raw !== undefined; raw = waiting.shift()) {
          while (!ending.signal.aborted && !taken.has(raw)) {
            try {
              await flooded.request({ method: 'eth_sendRawTransaction', params: [raw] });
              taken.add(raw);
            } catch (error) {
              assert.ok(isMedsealError(error, 'QUOTA_SPENT'), String(error));
              refused += 1;
            }
          }
        }
      });
      const waited: number[] = [];
      const write = async (number: number, engine: typeof first): Promise<void> => {
        const provider = await connect(engine);
        const sender = await senderAt(engine, secretOf(number));
        for (let value = 0n; value < 12n; value += 1n) {
          const height = Number(await provider.request({ method: 'eth_blockNumber' }));
          const { block } = await sender.send({
            to: contract,
            data: set(value, value),
            gas: 100_000,
          });
          waited.push(block - height);
        }
      };
      try {
        await Promise.all([write(2, first), write(3, second), write(4, third)]);
        assert.ok(
          waiting.length > 0 || taken.size < FLOOD,
          'the flood ended before the others had written',
        );
      } finally {
        ending.abort();
        await Promise.all(flood);
      }
      t.diagnostic(
        `blocks waited for: ${waited.join(' ')}; ${taken.size} taken, ${refused} refused`,
      );
      assert.ok(refused > 0);
      // The part of the flood that waits fills four blocks, all of it 67.
      assert.ok(Math.max(...waited) <= 8, `blocks waited for: ${waited.join(' ')}`);
      const half = waited.toSorted((one, other) => one - other)[waited.length / 2] ?? Infinity;
      assert.ok(half <= 3, `half of them waited for ${half} blocks`);
    });

    it('is refused beyond the account’s bounds, whatever its nonces are', async () => {
      const [, second] = fourOf(network);
      const provider = await connect(second);
      const from = secretOf(4);
      const used = Number(
        await provider.request({
          method: 'eth_getTransactionCount',
          params: [addressOf(from), 'latest'],
        }),
      );
      // None of these can be in a block: the one before them is never sent.
      const answers = await Promise.allSettled(
        Array.from({ length: 2 * BOUND }, async (_, place) => {
          const nonce = used + 1 + place;
          const call = {
            chainId: CHAIN,
            nonce,
            fee: 0n,
            gas: GAS,
            to: contract,
            data: set(1n, 1n),
          };
          const raw = bytesToHex(signTransaction(call, from, primitives));
          await provider.request({ method: 'eth_sendRawTransaction', params: [raw] });
        }),
      );
      const refused = answers.filter(({ status }) => status === 'rejected');
      assert.equal(answers.length - refused.length, BOUND);
      for (const { reason } of refused as readonly PromiseRejectedResult[]) {
        assert.ok(isMedsealError(reason, 'QUOTA_SPENT'), String(reason));
      }
      const other = await senderAt(second, secretOf(3));
      await other.send({ to: contract, data: set(9n, 9n), gas: 100_000 });
    });
  },
);
