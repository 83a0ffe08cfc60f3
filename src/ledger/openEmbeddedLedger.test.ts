import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import { MemoryLevel } from 'memory-level';
import { createTx } from '@ethereumjs/tx';
import { bytesToHex, hexToBytes } from '../crypto/bytes.ts';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import type { Hex } from '../protocol/ids.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { systemClock } from '../folder/systemClock.ts';
import { connectJsonRpc } from './connectJsonRpc.ts';
import { createCommon } from './chain/createCommon.ts';
import { CALL_GAS_LIMIT } from './chain/limits.ts';
import { addressOf, ledgerCases, SECRETS } from './ledger.cases.ts';
import {
  openEmbeddedLedger,
  type EmbeddedLedger,
  type EmbeddedLedgerOptions,
} from './openEmbeddedLedger.ts';
import { openSender, type Sender } from './openSender.ts';
import { signTransaction } from './signTransaction.ts';
import { gasLeft, get, probe, set, spin, time, words } from './test/probe.ts';
import { serveJsonRpc } from './test/serveJsonRpc.ts';
import { TestClock } from './test/TestClock.ts';

const chainId = 4242;
const START = 1_700_000_000;
const genesis = { timestamp: START, senders: SECRETS.map(addressOf) };

async function open(options: Partial<EmbeddedLedgerOptions> = {}): Promise<EmbeddedLedger> {
  const clock = systemClock;
  return await openEmbeddedLedger({
    database: new MemoryLevel(),
    chainId,
    genesis,
    clock,
    ...options,
  });
}

function senderOn(provider: EmbeddedLedger, secret = SECRETS[0]): Sender {
  return openSender({ provider, chainId, clock: systemClock, primitives, secret });
}

async function ask(
  ledger: EmbeddedLedger,
  method: string,
  ...params: readonly unknown[]
): Promise<unknown> {
  return await ledger.request({ method, params });
}

/** A signed transaction with something particular about it. */
function signed(changes: Partial<Parameters<typeof signTransaction>[0]>, secret = SECRETS[0]): Hex {
  const usual = { chainId, nonce: 0, gas: 200_000, fee: 0n, data: probe.creation };
  return bytesToHex(signTransaction({ ...usual, ...changes }, secret, primitives));
}

async function genesisHash(options: Partial<EmbeddedLedgerOptions>): Promise<string> {
  const ledger = await open(options);
  await ledger.close();
  return ledger.genesisHash;
}

/** Everything that a ledger can be asked for about its blocks. */
async function everything(ledger: EmbeddedLedger): Promise<unknown> {
  const last = Number(await ask(ledger, 'eth_blockNumber'));
  const found: unknown[] = [];
  for (let number = 0; number <= last; number++) {
    const tag = `0x${number.toString(16)}`;
    found.push(await ask(ledger, 'eth_getBlockByNumber', tag, true));
    found.push(await ask(ledger, 'eth_getBlockReceipts', tag));
    for (const address of genesis.senders) {
      found.push(await ask(ledger, 'eth_getTransactionCount', address, tag));
    }
  }
  found.push(await ask(ledger, 'eth_getLogs', { fromBlock: '0x0' }));
  return found;
}

const rejected = (code: number, reason: string) => ({
  code: 'LEDGER_REJECTED',
  values: { code, reason },
});

ledgerCases('the embedded engine', async () => {
  const ledger = await open();
  const close = async () => await ledger.close();
  return { provider: ledger, chainId, clock: systemClock, close };
});

ledgerCases('the JSON-RPC engine on the embedded one', async () => {
  const ledger = await open();
  const server = await serveJsonRpc(ledger);
  const clock = systemClock;
  const provider = await connectJsonRpc({
    url: server.url,
    chainId,
    genesis: ledger.genesisHash,
    clock,
  });
  const close = async () => {
    await server.close();
    await ledger.close();
  };
  return { provider, chainId, clock, close };
});

describe('the genesis', () => {
  it('is made from chain id, timestamp and senders alone', async () => {
    const senders = genesis.senders.toReversed();
    const usual = '0x05c493f15b2b25c6698cd8dba4c718b7d6f24bf947e45729d2585117ac4d31ff';
    assert.equal(await genesisHash({}), usual);
    assert.equal(await genesisHash({ genesis: { timestamp: START, senders } }), usual);
    const others = [
      await genesisHash({ chainId: 1 }),
      await genesisHash({ genesis: { ...genesis, timestamp: START + 1 } }),
      await genesisHash({ genesis: { ...genesis, senders: senders.slice(1) } }),
    ];
    assert.equal(new Set([usual, ...others]).size, 4);
  });

  it('tells a database of another ledger apart', async () => {
    const database = new MemoryLevel();
    await (await open({ database })).close();
    const other = { code: 'LEDGER_OTHER' };
    await assert.rejects(open({ database, chainId: 1 }), other);
    await assert.rejects(open({ database, genesis: { ...genesis, senders: [] } }), other);
    await assert.rejects(open({ database, genesis: { ...genesis, timestamp: 1 } }), other);
    await (await open({ database })).close();
  });
});

describe('what is on disk', () => {
  it('is there after the ledger is closed and opened again', async (context: TestContext) => {
    const path = await mkdtemp(join(tmpdir(), 'medseal-ledger-'));
    context.after(async () => await rm(path, { recursive: true }));
    const first = await open({ database: new ClassicLevel(path) });
    const sender = senderOn(first);
    const { contract: to } = await sender.send({ data: probe.creation });
    assert.ok(to);
    await Promise.all(
      [1n, 2n, 3n].map(async (n) => await sender.send({ to, data: set(n, 7n * n) })),
    );
    const before = await everything(first);
    await first.close();

    const second = await open({ database: new ClassicLevel(path) });
    assert.deepEqual(await everything(second), before);
    assert.equal(await ask(second, 'eth_call', { to, data: get(3n) }, 'latest'), words(21n));
    const { block } = await senderOn(second).send({ to, data: set(3n, 1n) });
    assert.equal(Number(await ask(second, 'eth_blockNumber')), block);
    await second.close();
  });

  it('is the last whole block when a write fails; until it is opened again nothing is taken', async () => {
    let full = false;
    const database = new MemoryLevel();
    database.hooks.prewrite.add(() => {
      if (full) throw new Error('no space left on device');
    });
    const stopped = { code: 'LEDGER_STOPPED' };
    const ledger = await open({ database });
    const sender = senderOn(ledger);
    const { contract: to } = await sender.send({ data: probe.creation });
    assert.ok(to);
    await sender.send({ to, data: set(1n, 1n) });
    const before = await everything(ledger);

    full = true;
    await assert.rejects(sender.send({ to, data: set(1n, 2n) }), stopped);
    full = false;
    await assert.rejects(sender.send({ to, data: set(1n, 3n), gas: 100_000 }), stopped);
    assert.deepEqual(await everything(ledger), before);
    assert.equal(await ask(ledger, 'eth_call', { to, data: get(1n) }, 'latest'), words(1n));
    await ledger.close();

    const again = await open({ database });
    assert.deepEqual(await everything(again), before);
    await senderOn(again).send({ to, data: set(1n, 4n) });
    assert.equal(await ask(again, 'eth_call', { to, data: get(1n) }, 'latest'), words(4n));
    await again.close();
  });
});

describe('blocks', () => {
  it('hold all that arrived at once, and are never empty', async () => {
    const ledger = await open();
    const [one, other] = [senderOn(ledger), senderOn(ledger, SECRETS[1])];
    const creations = [one, other, one, other].map(
      async (sender) => await sender.send({ data: probe.creation, gas: 200_000 }),
    );
    const blocks = (await Promise.all(creations)).map(({ block }) => block);
    assert.deepEqual(blocks, [1, 1, 1, 1]);
    assert.equal(await ask(ledger, 'eth_blockNumber'), '0x1');
    await ledger.close();
  });

  it('take the clock’s time, and their parent’s where the clock is behind', async () => {
    const clock = new TestClock(START * 1000 + 10_000);
    const ledger = await open({ clock });
    const sender = senderOn(ledger);
    const stamp = async () => {
      const { block } = await sender.send({ data: probe.creation });
      const found = await ask(ledger, 'eth_getBlockByNumber', `0x${block.toString(16)}`, false);
      return Number((found as { timestamp: string }).timestamp) - START;
    };
    assert.deepEqual([await stamp(), await stamp()], [10, 10]);
    clock.advance(5_000);
    assert.equal(await stamp(), 15);
    clock.advance(-30_000);
    assert.equal(await stamp(), 15);
    await ledger.close();
  });

  // @attack a ledger whose clock was set back goes on in the future | it makes no block until its clock has caught up
  it('are not made where the last one is more than 30 s ahead of the clock, until that has caught up', async () => {
    const clock = new TestClock(START * 1000 + 60_000);
    const ledger = await open({ clock });
    const sender = senderOn(ledger);
    await sender.send({ data: probe.creation });
    const head = await ask(ledger, 'eth_blockNumber');
    clock.advance(-31_000);
    await assert.rejects(sender.send({ data: probe.creation }), failsWith('LEDGER_AHEAD'));
    assert.equal(await ask(ledger, 'eth_blockNumber'), head);
    clock.advance(1000);
    await sender.send({ data: probe.creation });
    assert.notEqual(await ask(ledger, 'eth_blockNumber'), head);
    await ledger.close();
  });

  it('to come see the clock’s time; those that are see their own', async () => {
    const clock = new TestClock(START * 1000);
    const ledger = await open({ clock });
    const { contract: to } = await senderOn(ledger).send({ data: probe.creation });
    clock.advance(3_600_000);
    const at = async (tag: string) => await ask(ledger, 'eth_call', { to, data: time() }, tag);
    assert.equal(await at('latest'), words(BigInt(START), 1n));
    assert.equal(await at('pending'), words(BigInt(START + 3600), 2n));
    await ledger.close();
  });

  it('are announced once they can be read, before their senders hear of them', async () => {
    const ledger = await open();
    const heard: unknown[] = [];
    const stop = ledger.onBlock(({ number, hash }) => heard.push(number, hash));
    const { block } = await senderOn(ledger).send({ data: probe.creation });
    const { hash } = (await ask(ledger, 'eth_getBlockByNumber', '0x1', false)) as { hash: string };
    assert.deepEqual(heard, [block, hash]);
    stop();
    await senderOn(ledger).send({ data: probe.creation });
    assert.equal(heard.length, 2);
    await ledger.close();
  });
});

describe('a call', () => {
  it('that does not end runs out of gas, and everything else takes its turn meanwhile', async () => {
    const ledger = await open();
    const { contract: to } = await senderOn(ledger).send({ data: probe.creation });
    const call = { to, data: spin(), gas: '0x100000' };
    const ended = new AbortController();
    const endless = assert
      .rejects(ask(ledger, 'eth_call', call), rejected(-32000, 'out of gas'))
      .finally(() => ended.abort());
    let turns = 0;
    for (; !ended.signal.aborted; turns += 1) await setImmediate();
    await endless;
    assert.ok(turns > 100, `${turns} turns`);
    await ledger.close();
  });

  it('has so much gas at most, however much it names', async () => {
    const ledger = await open();
    const { contract: to } = await senderOn(ledger).send({ data: probe.creation });
    for (const gas of ['0xffffffffffff', undefined]) {
      const left = Number(await ask(ledger, 'eth_call', { to, data: gasLeft(), gas }));
      assert.ok(left < CALL_GAS_LIMIT && left > CALL_GAS_LIMIT - 1000, `${left}`);
    }
    await ledger.close();
  });
});

describe('sending', () => {
  it('is for the ledger’s senders alone', async () => {
    const ledger = await open();
    const stranger = new Uint8Array(32).fill(9);
    const reason = 'this ledger takes no transactions from this sender';
    await assert.rejects(
      ask(ledger, 'eth_sendRawTransaction', signed({}, stranger)),
      rejected(-32003, reason),
    );
    assert.equal(await ask(ledger, 'eth_blockNumber'), '0x0');
    await ledger.close();
  });

  it('refuses what could never be in a block, in the words of other nodes', async () => {
    const ledger = await open();
    const common = createCommon(chainId, primitives);
    const legacy = createTx({ type: 0, gasLimit: 100_000n, data: '0x' }, { common });
    const unprotected = legacy.addSignature(27n, hexToBytes(words(5n)), hexToBytes(words(6n)));
    const cases: [Hex, string][] = [
      [signed({ gas: 50_000 }), 'intrinsic gas too low'],
      [signed({ gas: 2 ** 24 + 1 }), 'invalid transaction'],
      [signed({ fee: 1n }), 'insufficient funds for gas * price + value'],
      [signed({ chainId: 1 }), 'invalid chain id for signer'],
      [signed({ nonce: 5000 }), 'nonce too high'],
      [signed({ data: `0x${'00'.repeat(140_000)}` }), 'oversized data'],
      [bytesToHex(legacy.serialize()), 'invalid sender'],
      [bytesToHex(unprotected.serialize()), 'only replay-protected (EIP-155) transactions allowed'],
      ['0x03c0', 'transaction type not supported'],
      ['0x04c0', 'transaction type not supported'],
      ['0xc0', 'invalid transaction'],
    ];
    for (const [raw, reason] of cases) {
      await assert.rejects(
        ask(ledger, 'eth_sendRawTransaction', raw),
        rejected(-32000, reason),
        reason,
      );
    }
    assert.equal(await ask(ledger, 'eth_blockNumber'), '0x0');
    await ledger.close();
  });

  it('takes legacy and access-list transactions too', async () => {
    const ledger = await open();
    const common = createCommon(chainId, primitives);
    const data = probe.creation;
    const usual = { gasLimit: 200_000n, data };
    const list = [{ address: addressOf(SECRETS[1]), storageKeys: [words(1n)] }];
    for (const tx of [
      createTx({ ...usual, type: 0, nonce: 0n }, { common }),
      createTx({ ...usual, type: 1, nonce: 1n, accessList: list }, { common }),
      createTx({ ...usual, type: 2, nonce: 2n, accessList: list }, { common }),
    ]) {
      const raw = bytesToHex(tx.sign(SECRETS[0]).serialize());
      const receipt = (await ask(ledger, 'eth_sendRawTransactionSync', raw)) as Record<
        string,
        unknown
      >;
      assert.equal(receipt['status'], '0x1');
      assert.equal(receipt['type'], `0x${tx.type}`);
      const hash = receipt['transactionHash'];
      assert.equal(await ask(ledger, 'eth_getRawTransactionByHash', hash), raw);
      const shown = await ask(ledger, 'eth_getTransactionByHash', hash);
      assert.deepEqual(
        (shown as { accessList?: unknown }).accessList,
        tx.type === 0 ? undefined : tx.type === 1 ? list : list,
      );
    }
    await ledger.close();
  });

  it('and waiting ends with 5 at a missing nonce, with 4 when the time is over', async () => {
    const clock = new TestClock(START * 1000);
    const ledger = await open({ clock });
    const early = signed({ nonce: 1 });
    await assert.rejects(ask(ledger, 'eth_sendRawTransactionSync', early), {
      values: { code: 5, reason: 'transaction waits for an earlier nonce' },
    });
    const late = ask(ledger, 'eth_sendRawTransactionSync', signed({}), 50);
    await setImmediate();
    assert.equal(clock.pending, 1, 'it waits');
    clock.advance(50);
    await assert.rejects(late, (error: { values?: { code: number } }) => error.values?.code === 4);
    await ledger.close();
    assert.equal(clock.pending, 0);
  });

  it('is told of by a filter as transactions arrive, each once', async () => {
    const ledger = await open();
    const filter = await ask(ledger, 'eth_newPendingTransactionFilter');
    const waiting = await ask(ledger, 'eth_sendRawTransaction', signed({ nonce: 1 }));
    const shown = await ask(ledger, 'eth_getTransactionByHash', waiting);
    assert.equal((shown as { blockNumber: unknown }).blockNumber, null);
    assert.deepEqual(await ask(ledger, 'eth_getFilterChanges', filter), [waiting]);
    assert.deepEqual(await ask(ledger, 'eth_getFilterChanges', filter), []);
    const gone = rejected(-32000, 'filter not found');
    await assert.rejects(ask(ledger, 'eth_getFilterChanges', '0x77'), gone);
    await ledger.close();
  });

  it('ends with CLOSED when the ledger closes, and nothing is lost that was acknowledged', async () => {
    const database = new MemoryLevel();
    const ledger = await open({ database });
    const waiting = ask(ledger, 'eth_sendRawTransaction', signed({ nonce: 1 }));
    const taken = ask(ledger, 'eth_sendRawTransactionSync', signed({}));
    await waiting;
    await ledger.close();
    assert.equal(((await taken) as { status: string }).status, '0x1');
    await assert.rejects(ask(ledger, 'eth_blockNumber'), { code: 'CLOSED' });
    const again = await open({ database });
    assert.equal(await ask(again, 'eth_blockNumber'), '0x1');
    await again.close();
  });
});
