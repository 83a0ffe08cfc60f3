import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex } from '../crypto/bytes.ts';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { LightLedger, type VerifiedHeader } from './LightLedger.ts';
import { LightLogs, MOST_BLOCKS_VERIFIED } from './LightLogs.ts';
import { recordedSource, vectors } from './test/vectors.ts';

const { time, height } = vectors;
const heights = vectors.logs.map((log) => Number(log['blockNumber']));

/** Reads what was recorded, and notes what was asked. */
function open(lie?: Parameters<typeof recordedSource>[0]) {
  const asked: string[] = [];
  const source = recordedSource(lie);
  const light = new LightLedger({
    primitives,
    clock: { now: () => (time + 60) * 1000 },
    source: {
      async request(method, params) {
        asked.push(method);
        return await source.request(method, params);
      },
    },
    founding: vectors,
  });
  return { asked, light, logs: new LightLogs(light, primitives) };
}

const EMPTY = `"data_hash":"${bytesToHex(primitives.sha256(new Uint8Array())).slice(2).toUpperCase()}"`;

const isLie = (error: unknown): boolean =>
  isMedsealError(error, 'LEDGER_UNPROVEN') || isMedsealError(error, 'PEER_MALFORMED');

function headerOf(at: number): VerifiedHeader {
  const hash = `0x${at}` as const;
  return { hash, header: { height: at, dataHash: hash, lastResultsHash: '0x' } as never };
}

/** Plays a ledger of so many blocks that each have a transaction, without a log. */
function busyLedger() {
  const asked = { blocks: 0, headers: 0, signed: 0, underWay: 0, most: 0 };
  const logs = new LightLogs(
    {
      verifiedHeader: async (at) => {
        asked.signed += 1;
        return await Promise.resolve(headerOf(at));
      },
      askHeaders: async (lowest, highest) => {
        asked.headers += highest - lowest + 1;
        asked.most = Math.max(asked.most, ++asked.underWay);
        await new Promise((resolve) => void setImmediate(resolve));
        asked.underWay -= 1;
        return { lowest, highest };
      },
      headersBefore: (after, lowest) => {
        const count = after.height - lowest;
        return Array.from({ length: count }, (_, place) => headerOf(after.height - 1 - place));
      },
      transactionsOf: async () => {
        asked.blocks += 1;
        return await Promise.resolve([]);
      },
      verifiedTransactions: async () => await Promise.resolve([]),
    },
    primitives,
  );
  return { asked, logs };
}

describe('LightLogs', () => {
  it('has all logs of a range, with the hashes of their blocks, and of each part of it', async () => {
    const { logs } = open();
    for (const [from, to] of [
      [1, height],
      [1, height - 1],
      [height, height],
      [2, 3],
      [1, 1],
      [1, height],
    ] as const) {
      const expected = vectors.logs.filter(
        (_, place) => from <= (heights[place] ?? 0) && (heights[place] ?? 0) <= to,
      );
      assert.deepEqual(
        (await logs.read(from, to)).map(({ data, blockHash, logIndex }) => [
          data,
          blockHash,
          logIndex,
        ]),
        expected.map((log) => [log['data'], log['blockHash'], Number(log['logIndex'])]),
      );
    }
  });

  it('asks for no block without transactions, and for nothing twice', async () => {
    const { logs, asked } = open();
    assert.equal((await logs.read(1, height)).length, 3);
    assert.equal(asked.filter((method) => method === 'blockchain').length, 1);
    // The contract’s creation wrote no log.
    assert.equal(asked.filter((method) => method === 'block').length, new Set(heights).size + 1);
    asked.length = 0;
    await logs.read(1, height);
    await logs.read(2, height - 1);
    assert.deepEqual(asked, []);
  });

  it('goes on upwards and downwards from what it has', async () => {
    const { logs, asked } = open();
    assert.deepEqual(await logs.read(1, 1), []);
    assert.equal((await logs.read(2, height)).length, 3);
    const { length } = asked;
    assert.equal(
      (await logs.read(1, height - 1)).length,
      heights.filter((at) => at < height).length,
    );
    assert.deepEqual(asked.slice(length), ['blockchain']);
    const upwards = open().logs;
    assert.deepEqual(await upwards.read(1, 3), []);
    assert.equal((await upwards.read(1, height)).length, 3);
  });

  it('has the next headers come while some are verified, and few of them at once', async () => {
    const { asked, logs } = busyLedger();
    await logs.read(1, 1000);
    assert.equal(asked.headers, 1000);
    assert.equal(asked.blocks, 1000);
    assert.equal(asked.most, 8);
  });

  it('remembers few blocks with transactions of a long ledger, and reads none of it twice', async () => {
    const { asked, logs } = busyLedger();
    for (let range = 0; range < 5; range++) {
      await logs.read(1 + range * MOST_BLOCKS_VERIFIED, (range + 1) * MOST_BLOCKS_VERIFIED);
    }
    assert.equal(asked.headers, 5 * MOST_BLOCKS_VERIFIED);
    assert.equal(asked.blocks, 5 * MOST_BLOCKS_VERIFIED);
    asked.headers = 0;
    // The last ranges are remembered, the first ones are not.
    await logs.read(1 + 4 * MOST_BLOCKS_VERIFIED, 5 * MOST_BLOCKS_VERIFIED);
    assert.equal(asked.headers, 0);
    await logs.read(1, 10);
    assert.equal(asked.headers, 10);
  });

  it('begins again, by signatures, at a range that is far from the headers that it verified', async () => {
    const { asked, logs } = busyLedger();
    await logs.read(1_000_000, 1_000_009);
    await logs.read(1, 10);
    await logs.read(2_000_000, 2_000_009);
    assert.deepEqual([asked.headers, asked.signed], [30, 3]);
    await logs.read(2_000_010, 2_000_019);
    await logs.read(1_999_990, 1_999_999);
    assert.deepEqual([asked.headers, asked.signed], [50, 4]);
  });

  it('says from which block on an endpoint has them that removed the others', async () => {
    const lowest = Math.max(2, height - 1);
    const source = recordedSource();
    const light = new LightLedger({
      primitives,
      clock: { now: () => (time + 60) * 1000 },
      source: {
        async request(method, params) {
          if (method !== 'blockchain') return await source.request(method, params);
          const { minHeight, maxHeight } = params;
          if (Number(maxHeight) < lowest) throw new MedsealError('LEDGER_PRUNED', { lowest });
          const shown = {
            minHeight: String(Math.max(lowest, Number(minHeight))),
            maxHeight: String(maxHeight),
          };
          return await source.request(method, shown);
        },
      },
      founding: vectors,
    });
    const logs = new LightLogs(light, primitives);
    await assert.rejects(logs.read(1, height), { code: 'LEDGER_PRUNED', values: { lowest } });
    assert.ok((await logs.read(lowest, height)).length > 0);
  });

  // @actor a consortium's endpoint | to drop a log, or a block's transactions
  it('refuses an endpoint that hides a log, a block’s transactions or a header, or alters one', async () => {
    for (const [what, method, hidden, instead] of [
      ['a block as one without transactions', 'blockchain', /"data_hash":"(?!E3B0)\w+"/, EMPTY],
      ['a block’s transactions as none', 'block', /"txs":\[.+\]/, '"txs":[]'],
      ['results as none', 'block_results', /"txs_results":\[.+\]/, '"txs_results":[]'],
      ['a result as one that failed', 'block_results', /"code":0/, '"code":1'],
      ['other data', 'block_results', /"data":"(.{40})../, '"data":"$1zz'],
      ['one header less', 'blockchain', /\{"header".*?\}\},?(?=\{)/, ''],
      ['no headers', 'blockchain', /"block_metas":\[.*\]/, '"block_metas":[]'],
      ['another time', 'blockchain', /"time":"2026/, '"time":"2025'],
      [
        'another root of results',
        'blockchain',
        /"last_results_hash":"\w{4}/,
        '"last_results_hash":"ABCD',
      ],
    ] as const) {
      let lies = 0;
      const { logs } = open((answer, asked) => {
        const told = asked === method ? answer.replace(hidden, instead) : answer;
        if (told !== answer) lies += 1;
        return told;
      });
      await assert.rejects(logs.read(1, height), isLie, what);
      assert.ok(lies > 0);
    }
  });
});
