import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recordedFetch, recordedNetwork, vectors } from '../../consortium/test/vectors.ts';
import type { TrustedBlock } from '../../consortium/verifyBlock.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import { u64 } from '../../crypto/u64.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { connectVerifiedLedger, type VerifiedLedgerOptions } from './connectVerifiedLedger.ts';

const { time, height, contract } = vectors;

/** Connects to what was recorded, a minute after the founding. */
async function open(lie?: Lie, given: Partial<VerifiedLedgerOptions> = {}) {
  const ledger = await connectVerifiedLedger({
    url: 'http://ledger.test',
    clock: { now: () => (time + 60) * 1000, after: () => () => undefined },
    fetch: recordedFetch(lie),
    network: recordedNetwork,
    ...given,
  });
  return async (method: string, ...params: readonly unknown[]): Promise<unknown> =>
    await ledger.request({ method, params });
}

type Lie = NonNullable<Parameters<typeof recordedFetch>[0]>;

function slot(number: number): Bytes32 {
  return `0x${'00'.repeat(24)}${bytesToHex(u64(number)).slice(2)}`;
}

const isLie = (error: unknown): boolean =>
  isMedsealError(error, 'LEDGER_UNPROVEN') || isMedsealError(error, 'PEER_MALFORMED');

const all = { address: contract, fromBlock: '0x0', toBlock: 'latest' };

describe('connectVerifiedLedger', () => {
  it('tells blocks, logs, receipts, storage and code as the ledger has them', async () => {
    const ask = await open();
    const newest = `0x${height.toString(16)}`;
    assert.equal(await ask('eth_chainId'), '0x1092');
    assert.equal(await ask('eth_blockNumber'), newest);
    const [last] = vectors.logs.slice(-1);
    const block = (await ask('eth_getBlockByNumber', 'latest', false)) as Record<string, unknown>;
    assert.equal(block['hash'], last?.['blockHash']);
    assert.equal(block['timestamp'], last?.['blockTimestamp']);
    assert.equal((block['transactions'] as unknown[]).includes(last?.['transactionHash']), true);
    assert.equal(await ask('eth_getBlockByNumber', `0x${(height + 1).toString(16)}`, false), null);
    const logs = (await ask('eth_getLogs', all)) as readonly Record<string, unknown>[];
    const fields = ['address', 'topics', 'data', 'blockNumber', 'blockHash', 'logIndex'];
    const read = (log: Record<string, unknown>): unknown[] => fields.map((field) => log[field]);
    assert.deepEqual(logs.map(read), vectors.logs.map(read));
    for (const log of vectors.logs) {
      const receipt = (await ask('eth_getTransactionReceipt', log['transactionHash'])) as Json;
      assert.equal(receipt['status'], '0x1');
      assert.equal(receipt['blockNumber'], log['blockNumber']);
      assert.deepEqual((receipt['logs'] as Json[]).map(read), [read(log)]);
    }
    assert.equal(await ask('eth_getTransactionReceipt', slot(1)), null);
    assert.equal(await ask('eth_getStorageAt', contract, '0x5', 'latest'), slot(0x1234));
    assert.match(String(await ask('eth_getCode', contract, 'latest')), /^0x3660/);
  });

  it('tells transactions as their block carries them, whatever the endpoint shows of them', async () => {
    const ask = await open();
    for (const log of vectors.logs) {
      const { transactionHash: hash, data } = log;
      const found = (await ask('eth_getTransactionByHash', hash)) as Json;
      assert.equal(found['hash'], hash);
      assert.equal(found['to'], contract);
      assert.equal(found['blockNumber'], log['blockNumber']);
      assert.equal(found['blockHash'], log['blockHash']);
      // The contract of the recording writes its input into slot and log.
      assert.ok(String(found['input']).includes(String(data).slice(-8)));
    }
    assert.equal(await ask('eth_getTransactionByHash', slot(1)), null);
  });

  it('tells no logs of other contracts, and none of blocks that are not there', async () => {
    const ask = await open();
    assert.deepEqual(await ask('eth_getLogs', { ...all, address: `0x${'11'.repeat(20)}` }), []);
    assert.deepEqual(await ask('eth_getLogs', { ...all, fromBlock: '0x70' }), []);
  });

  it('runs calls itself, on proven code and words', async () => {
    const ask = await open();
    const call = async (data: string): Promise<unknown> =>
      await ask('eth_call', { to: contract, data }, 'latest');
    assert.equal(await call(slot(5)), slot(0x1234));
    assert.equal(await call(slot(8)), `0x${'ff'.repeat(32)}`);
    assert.equal(await call(slot(99)), slot(0));
    // It writes, which is forgotten.
    assert.equal(await call(`${slot(5)}${slot(7).slice(2)}`), '0x');
    assert.equal(await call(slot(5)), slot(0x1234));
  });

  it('refuses what has no proof', async () => {
    const ask = await open();
    for (const [method, ...params] of [
      ['eth_getProof', contract, [], 'latest'],
      ['eth_getBalance', contract, 'latest'],
      ['eth_getBlockByHash', slot(1), false],
      ['eth_getBlockByNumber', 'latest', true],
      ['eth_newFilter', {}],
      ['eth_getLogs', { ...all, topics: [slot(5)] }],
      ['eth_getLogs', { blockHash: slot(1) }],
      ['eth_getLogs'],
      ['eth_call', {}],
      ['eth_getCode', contract, 'newest'],
      ['eth_getCode', contract, { blockNumber: '0x1' }],
      ['constructor'],
      ['toString'],
    ] as const) {
      await assert.rejects(ask(method, ...params), { code: 'LEDGER_REJECTED' }, method);
    }
  });

  it('gives a block that is worth keeping, and goes on from it', async () => {
    const kept: TrustedBlock[] = [];
    const onTrusted = async (block: TrustedBlock): Promise<void> => {
      await Promise.resolve(kept.push(block));
    };
    const ask = await open(undefined, { onTrusted });
    await ask('eth_blockNumber');
    const fields = [
      'chain',
      'height',
      'time',
      'validators',
      'nextValidatorsHash',
      'hash',
      'signed',
    ];
    assert.deepEqual(
      kept.map((block) => [block.height, Object.keys(block)]),
      [[height + 1, fields]],
    );
    const old = { ...recordedNetwork.ledger, timestamp: time - 22 * 86_400 };
    const network = { ...recordedNetwork, ledger: old };
    await assert.rejects(open(undefined, { network }), { code: 'LEDGER_TRUST_OLD' });
    const first = await open(oneBlockLess);
    assert.equal(await first('eth_blockNumber'), `0x${(height - 1).toString(16)}`);
  });

  it('goes on if the block cannot be kept, and offers it again', async () => {
    let offered = 0;
    const onTrusted = async (): Promise<void> => {
      offered += 1;
      await Promise.reject(new Error('the disk is full'));
    };
    const ask = await open(undefined, { onTrusted });
    await ask('eth_blockNumber');
    assert.equal(offered, 2);
  });

  const changes: readonly (readonly [string, string, Lie])[] = [
    ['data of a log', 'eth_getLogs', change('block_results', /"data":"(.{40})../, '"data":"$1zz')],
    ['one log less', 'eth_getLogs', change('block_results', /"data":"Er.*?"/, '"data":""')],
    ['a word', 'eth_getStorageAt', change('abci_query', /"data":"(.{60})../, '"data":"$1zz')],
    ['a word in a call', 'eth_call', change('abci_query', /"data":"(.{60})../, '"data":"$1zz')],
    ['other code', 'eth_getCode', change('abci_query', /"data":"(.{60})../, '"data":"$1zz')],
    [
      'a forged commit',
      'eth_blockNumber',
      change('commit', /"signature":"..../, '"signature":"AAAA'),
    ],
    [
      'another chain',
      'eth_blockNumber',
      change('commit', /"chain_id":"medseal-./g, '"chain_id":"medseal-x'),
    ],
    [
      'other validators',
      'eth_blockNumber',
      change('validators', /"voting_power":"10"/, '"voting_power":"90"'),
    ],
    [
      'no validators',
      'eth_blockNumber',
      change('validators', /"validators":\[.*\]/, '"validators":[]'),
    ],
    ['a future block', 'eth_blockNumber', change('commit', /"time":"2026/, '"time":"2036')],
  ];
  // @actor a consortium's endpoint | to answer a call with something else
  it('catches an endpoint that alters a log, a word, code, an answer to a call, a commit or validators', async () => {
    const params: Readonly<Record<string, readonly unknown[]>> = {
      eth_getLogs: [all],
      eth_getStorageAt: [contract, '0x5', 'latest'],
      eth_getCode: [contract, 'latest'],
      eth_call: [{ to: contract, data: slot(5) }, 'latest'],
    };
    for (const [what, method, lie] of changes) {
      const asked = (async () => {
        const ask = await open(lie);
        return await ask(method, ...(params[method] ?? []));
      })();
      await assert.rejects(asked, isLie, what);
    }
  });

  it('catches an endpoint that shows a receipt in another block, or one of another transaction', async () => {
    const hash = vectors.logs[0]?.['transactionHash'];
    const other = vectors.logs.at(-1)?.['transactionHash'];
    for (const number of ['0x1', '0x2', `0x${(height + 1).toString(16)}`, '0xffffff', '"', '-1']) {
      const lie: Lie = (answer, method) =>
        method === 'eth_getTransactionReceipt'
          ? answer.replace(
              /"blockNumber":"\w+","status"/,
              `"blockNumber":${JSON.stringify(number)},"status"`,
            )
          : answer;
      const ask = await open(lie, { clock: ticking() });
      await assert.rejects(ask('eth_getTransactionReceipt', hash), (error) => {
        return isLie(error) || isMedsealError(error, 'NOT_YET');
      });
    }
    assert.notEqual(hash, other);
  });

  it('catches an endpoint that shows a transaction in another block', async () => {
    const hash = vectors.logs[0]?.['transactionHash'];
    for (const number of ['0x1', '0x2', `0x${(height + 1).toString(16)}`, '0xffffff', '"', '-1']) {
      const lie: Lie = (answer, method) =>
        method === 'eth_getTransactionByHash'
          ? answer.replace(/"blockNumber":"\w+"/, `"blockNumber":${JSON.stringify(number)}`)
          : answer;
      const ask = await open(lie, { clock: ticking() });
      await assert.rejects(ask('eth_getTransactionByHash', hash), (error) => {
        return isLie(error) || isMedsealError(error, 'NOT_YET');
      });
    }
  });

  it('takes no refusal in a contract’s name from an endpoint', async () => {
    const data = '0x08c379a0';
    for (const error of [
      { code: 3, message: 'execution reverted', data },
      { code: -32000, message: `VM execution Reverted: ${data}` },
    ]) {
      const fetch: typeof globalThis.fetch = async (url, options) => {
        const { id, method } = JSON.parse(options?.body as string) as Record<string, unknown>;
        return /^eth_(?:send|estimate)/.test(String(method))
          ? Response.json({ jsonrpc: '2.0', id, error })
          : await recordedFetch()(url, options);
      };
      const ask = await open(undefined, { fetch, clock: ticking() });
      for (const method of ['eth_sendRawTransaction', 'eth_sendRawTransactionSync']) {
        await assert.rejects(ask(method, '0x02'), { code: 'LEDGER_UNPROVEN' });
      }
      const creation = { from: contract, data: '0x00' };
      await assert.rejects(ask('eth_estimateGas', creation), { code: 'LEDGER_UNPROVEN' });
      // It does not refuse by the state before the head, and the head's own is not proven in time.
      const call = { from: contract, to: contract, data: slot(5) };
      await assert.rejects(ask('eth_estimateGas', call), { code: 'NOT_YET' });
    }
  });

  it('catches an endpoint whose newest block is old', async () => {
    const clock = { ...ticking(), now: () => (time + 600) * 1000 };
    await assert.rejects(open(undefined, { clock }), { code: 'LEDGER_STALE' });
  });

  it('gives up a read whose answers together take too long, though each comes in time', async () => {
    const timers: (() => void)[] = [];
    const asks = Promise.withResolvers<void>();
    const clock = {
      ...ticking(),
      after(milliseconds: number, run: () => void) {
        if (milliseconds === 12_000) timers.push(run);
        return () => undefined;
      },
    };
    let held = false;
    const fetch: typeof globalThis.fetch = async (url, options) => {
      if (!held) return await recordedFetch()(url, options);
      asks.resolve();
      return await new Promise(() => undefined);
    };
    const ask = await open(undefined, { fetch, clock, timeout: 1_000 });
    held = true;
    const read = ask('eth_getLogs', all);
    await asks.promise;
    timers.at(-1)?.();
    await assert.rejects(read, { code: 'LEDGER_SLOW', values: { seconds: 12 } });
  });

  // @actor a consortium's endpoint | to answer too much, or never
  it('catches an endpoint of another chain, and one that gives too much, nothing, or errors', async () => {
    const chain = change('medseal_chain', /medseal-/, 'medseal-0');
    await assert.rejects(open(chain), { code: 'LEDGER_OTHER' });
    await assert.rejects(open(tooLong), { code: 'PEER_MALFORMED' });
    const failed = change(
      'commit',
      /"result":.*\}/s,
      '"error":{"code":-32000,"message":"no\\u001b block"}}',
    );
    await assert.rejects(open(failed), {
      code: 'LEDGER_REJECTED',
      values: { code: -32000, reason: 'no\\u{1b} block' },
    });
    const clock = {
      ...ticking(),
      after: (milliseconds: number, run: () => void) => {
        // One call, and all calls of a read.
        assert.ok([15_000, 180_000].includes(milliseconds));
        if (milliseconds === 15_000) setImmediate(run);
        return () => undefined;
      },
    };
    await assert.rejects(open(undefined, { fetch: silentFetch, clock }), {
      code: 'LEDGER_UNREACHABLE',
    });
  });
});

type Json = Record<string, unknown>;

/** Changes answers to one method of the consensus, or of JSON-RPC. */
function change(wanted: string, hidden: RegExp, instead: string): Lie {
  return (answer, method, [asked]) =>
    method === wanted || asked === wanted ? answer.replace(hidden, instead) : answer;
}

/** Shows the block before the newest as the newest. */
const oneBlockLess: Lie = (answer, method, [asked, params]) => {
  if (method !== 'medseal_consensus' || asked !== 'commit') return answer;
  if ((params as Json)['height'] !== undefined) return answer;
  const result = vectors.answers[`commit {"height":"${height}"}`];
  return JSON.stringify({ jsonrpc: '2.0', id: 1, result });
};

const tooLong: Lie = (answer, method) =>
  method === 'medseal_consensus' ? answer + ' '.repeat(33 * 2 ** 20) : answer;

/** Answers nothing about the consensus. */
const silentFetch: typeof globalThis.fetch = async (url, options) => {
  const { method } = JSON.parse(options?.body as string) as { readonly method: string };
  if (method !== 'medseal_consensus') return await recordedFetch()(url, options);
  return await new Promise((_resolve, reject) => {
    options?.signal?.addEventListener('abort', () => reject(new Error('late')));
  });
};

/** A clock that is 16 s later each time that somebody waits. */
function ticking() {
  let now = (time + 60) * 1000;
  return {
    now: () => now,
    after: (milliseconds: number, run: () => void) => {
      if (milliseconds < 1000) {
        now += 16_000;
        setImmediate(run);
      }
      return () => undefined;
    },
  };
}
