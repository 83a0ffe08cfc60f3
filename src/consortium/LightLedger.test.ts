import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex } from '../crypto/bytes.ts';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import { u64 } from '../crypto/u64.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import type { ConsensusSource } from './connectConsensus.ts';
import { LightLedger, type LightLedgerOptions } from './LightLedger.ts';
import { recordedSource, vectors } from './test/vectors.ts';

const { chain, time, validators, height, contract } = vectors;

/** A reader of what was recorded, a minute after the founding. */
function open(source: ConsensusSource = recordedSource(), given: Partial<LightLedgerOptions> = {}) {
  return new LightLedger({
    primitives,
    clock: { now: () => (time + 60) * 1000 },
    source,
    founding: { chain, time, validators },
    ...given,
  });
}

function slot(number: number): Bytes32 {
  return `0x${'00'.repeat(24)}${bytesToHex(u64(number)).slice(2)}`;
}

const isLie = (error: unknown): boolean =>
  isMedsealError(error, 'LEDGER_UNPROVEN') || isMedsealError(error, 'PEER_MALFORMED');

describe('LightLedger', () => {
  it('verifies the head of a ledger of four validators from their founding keys', async () => {
    const head = await open().verifiedHead();
    assert.equal(head.height, height + 1);
    assert.equal((await open().verifiedBlock(height)).hash, vectors.logs.at(-1)?.['blockHash']);
  });

  it('verifies words of a contract’s storage, those that were never written among them', async () => {
    const ledger = open();
    const word = async (number: number): Promise<bigint> =>
      BigInt(await ledger.verifiedStorage(contract, slot(number)));
    assert.equal(await word(0), 42n);
    assert.equal(await word(1), 0n);
    assert.equal(await word(5), 0x1234n);
    assert.equal(await word(6), 7n);
    assert.equal(await word(7), 0n);
    assert.equal(await word(8), 2n ** 256n - 1n);
    assert.equal(await word(99), 0n);
    assert.equal(BigInt(await ledger.verifiedStorage(contract, slot(8), height)), 2n ** 256n - 1n);
  });

  it('verifies a contract’s code, and that an account has none', async () => {
    const ledger = open();
    const code = await ledger.verifiedCode(contract);
    assert.match(bytesToHex(code), /^0x36602014601d57.{44}5b6000355460005260206000f3$/);
    const lie = open(
      recordedSource((answer, method) => {
        return method === 'abci_query'
          ? answer.replace(/"data":"(.{60})../g, '"data":"$1zz')
          : answer;
      }),
    );
    await assert.rejects(lie.verifiedCode(contract), isLie);
  });

  it('verifies all logs of a block, and they are those that the ledger shows', async () => {
    const ledger = open();
    const logs = [];
    for (let number = 1; number <= height; number++)
      logs.push(...(await ledger.verifiedTransactions(number)).flatMap((each) => each.logs));
    assert.deepEqual(
      logs.map(({ address, topics, data, transactionHash, blockNumber, logIndex }) => {
        return [address, topics, data, transactionHash, blockNumber, logIndex];
      }),
      vectors.logs.map((log) => [
        log['address'],
        log['topics'],
        log['data'],
        log['transactionHash'],
        Number(log['blockNumber']),
        Number(log['logIndex']),
      ]),
    );
    assert.equal(logs.length, 3);
  });

  it('goes on from a block that was kept, and refuses one of another chain', async () => {
    const first = open();
    await first.verifiedBlock(2);
    const kept = JSON.parse(JSON.stringify(first.trusted)) as LightLedgerOptions['trusted'] &
      object;
    assert.equal(kept.height, 2);
    assert.equal(
      (await open(recordedSource(), { trusted: kept }).verifiedHead()).height,
      height + 1,
    );
    assert.throws(() => open(recordedSource(), { trusted: { ...kept, chain: 'medseal-0' } }), {
      code: 'LEDGER_OTHER',
    });
  });

  it('refuses every block if the founding validators, or the chain’s name, are others', async () => {
    const [one, ...rest] = validators;
    assert.ok(one);
    const other = { ...one, key: `0x${'22'.repeat(32)}` as const };
    for (const founding of [
      { chain: `${chain.slice(0, -1)}0x`, time, validators },
      {
        chain,
        time,
        validators: [other, other, other, other].map((each, place) => ({
          ...each,
          power: place + 1,
        })),
      },
      { chain, time, validators: rest },
      { chain, time, validators: [{ ...one, power: 11 }, ...rest] },
    ]) {
      await assert.rejects(open(recordedSource(), { founding }).verifiedBlock(1), isLie);
    }
  });

  it('trusts nothing that was signed later than 21 days after the newest trusted block', async () => {
    const clock = { now: () => (time + 21 * 86_400) * 1000 };
    await assert.rejects(open(recordedSource(), { clock }).verifiedHead(), {
      code: 'LEDGER_TRUST_OLD',
    });
    const early = { now: () => (time - 60) * 1000 };
    await assert.rejects(open(recordedSource(), { clock: early }).verifiedHead(), isLie);
  });

  it('goes back to blocks before all that are trusted, by the hashes that later states hold', async () => {
    const old = time - 22 * 86_400;
    const founding = { chain, time: old, validators };
    const first = open();
    await first.verifiedBlock(height);
    const { trusted } = first;
    for (let number = 1; number < height; number++) {
      const ledger = open(recordedSource(), { founding, trusted });
      await assert.rejects(ledger.verifiedBlock(number), { code: 'LEDGER_TRUST_OLD' });
      const { header, hash } = await ledger.verifiedHeader(number);
      assert.equal(header.height, number);
      assert.equal(hash, (await open().verifiedBlock(number)).hash);
    }
    const hides = (method: string, hidden: RegExp, instead: string): ReturnType<typeof open> =>
      open(
        recordedSource((answer, asked) =>
          asked === method ? answer.replace(hidden, instead) : answer,
        ),
        { founding, trusted },
      );
    for (const lies of [
      hides('blockchain', /"height":"2"/, '"height":"3"'),
      hides('blockchain', /"app_hash":".{4}/, '"app_hash":"0000'),
      hides('blockchain', /"chain_id":"medseal-/, '"chain_id":"medseal-0'),
      hides('blockchain', /"block_metas":\[.*\]/, '"block_metas":[]'),
      hides('abci_query', /"data":"(.{60})../, '"data":"$1zz'),
    ]) {
      await assert.rejects(lies.verifiedHeader(2), isLie);
    }
  });

  // @actor a consortium's endpoint | to show yesterday's ledger
  it('refuses a head that is over three minutes old, or older than one that was kept', async () => {
    const clock = { now: () => (time + 240) * 1000 };
    await assert.rejects(open(recordedSource(), { clock }).verifiedHead(), {
      code: 'LEDGER_STALE',
    });
    await assert.rejects(open(recordedSource(), { clock }).verifiedStorage(contract, slot(0)), {
      code: 'LEDGER_STALE',
    });
    const first = open();
    await first.verifiedHead();
    const { trusted } = first;
    const earlier = JSON.stringify(vectors.answers['commit {"height":"4"}']);
    const back = recordedSource((answer, method) => (method === 'commit' ? earlier : answer));
    await assert.rejects(open(back, { trusted }).verifiedHead(), { code: 'LEDGER_STALE' });
  });

  // @actor a consortium's endpoint | to make up a block, or a state
  it('refuses every answer of which a proof, a root, a signature or a value is changed', async () => {
    const reads: Record<string, (ledger: LightLedger) => Promise<unknown>> = {
      commit: async (ledger) => await ledger.verifiedHead(),
      validators: async (ledger) => await ledger.verifiedHead(),
      abci_query: async (ledger) => await ledger.verifiedStorage(contract, slot(5)),
      block: async (ledger) => await ledger.verifiedTransactions(height),
      block_results: async (ledger) => await ledger.verifiedTransactions(height),
    };
    // Fields that nobody signs and nobody reads; a vote that is called absent is one vote less.
    const unread: Record<string, RegExp> = {
      commit: /^(?:canonical|block_id_flag)$/,
      validators: /^(?:block_height|address|proposer_priority|count|total)$/,
      abci_query: /^(?!data$)/,
      block: /^$/,
      block_results: /^(?:log|info|codespace)$/,
    };
    let lies = 0;
    for (const [method, read] of Object.entries(reads)) {
      for (const place of placesIn(method)) {
        if (unread[method]?.test(place.name)) continue;
        const told = open(
          recordedSource((answer, asked) => (asked === method ? place.change(answer) : answer)),
        );
        await assert.rejects(read(told), isLie, `${method}: ${place.name}`);
        lies += 1;
      }
    }
    assert.ok(lies > 60, `${lies} lies`);
  });

  // @actor a consortium's endpoint | to hide a word that was written
  it('refuses a proof for another key, and one that says that a word is absent which is there', async () => {
    const other = (number: number): ConsensusSource => {
      const honest = recordedSource();
      return {
        async request(method, params) {
          if (method !== 'abci_query') return await honest.request(method, params);
          const data = `02${contract.slice(2)}${slot(number).slice(2)}`;
          return await honest.request(method, { ...params, data });
        },
      };
    };
    for (const [asked, answered] of [
      [5, 6],
      [5, 1],
      [5, 7],
      [5, 99],
      [1, 5],
      [99, 8],
    ] as const) {
      await assert.rejects(open(other(answered)).verifiedStorage(contract, slot(asked)), isLie);
    }
    // One gap between two neighbours proves every key in it.
    assert.equal(BigInt(await open(other(1)).verifiedStorage(contract, slot(2))), 0n);
  });

  it('reads no more validators, votes, headers and transactions than a block can have', async () => {
    let asked = 0;
    const filled = (method: string, list: RegExp, count: number): LightLedger =>
      open(
        recordedSource((answer, of) => {
          asked += Number(of === 'validators');
          return of === method
            ? answer.replace(list, (_, name: string, first: string) => {
                return `"${name}":[${Array(count).fill(first).join(',')}]`;
              })
            : answer;
        }),
      );
    const malformed = { code: 'PEER_MALFORMED' };
    const validator = /"(validators)":\[(\{.*?\}.*?\}),.*?\](?=[,}])/;
    await assert.rejects(filled('validators', validator, 101).verifiedHead(), malformed);
    await assert.rejects(filled('validators', validator, 100).verifiedHead(), isLie);
    assert.equal(asked, 2);
    const vote = /"(signatures)":\[(\{.*?\}),.*?\](?=[,}])/;
    await assert.rejects(filled('commit', vote, 101).verifiedHead(), malformed);
    const text = /"(txs)":\[(".*?").*?\]/;
    await assert.rejects(filled('block', text, 10_001).verifiedTransactions(height), malformed);
    const result = /"(txs_results)":\[(\{.*\})\]/;
    await assert.rejects(
      filled('block_results', result, 10_001).verifiedTransactions(height),
      malformed,
    );
  });

  // @attack founders who left sign another block of the height that a reader kept, and it counts from the founding | a block of that height is known by its kept hash, and by nothing else
  it('knows the block again that was kept, and refuses another of its height', async () => {
    const first = open();
    const head = await first.verifiedHead();
    const trusted = JSON.parse(JSON.stringify(first.trusted)) as LightLedgerOptions['trusted'] &
      object;
    // The founding is too old to verify anything from it.
    const founding = { chain, time: time - 22 * 86_400, validators };
    assert.equal((await open(undefined, { founding, trusted }).verifiedHead()).hash, head.hash);
    const again = open(undefined, { founding, trusted });
    assert.equal((await again.verifiedBlock(head.height)).hash, head.hash);
    assert.equal((await again.verifiedHead()).height, head.height);
    // Founders may have left since; what they sign at this height counts no more.
    const other = { ...trusted, hash: slot(7) };
    for (const from of [founding, { chain, time, validators }]) {
      const ledger = open(undefined, { founding: from, trusted: other });
      await assert.rejects(ledger.verifiedHead(), { code: 'LEDGER_UNPROVEN' });
      await assert.rejects(ledger.verifiedBlock(head.height), { code: 'LEDGER_UNPROVEN' });
    }
  });

  it('notices a second head of the same height, and never goes back', async () => {
    let answered = '';
    const ledger = open(
      recordedSource((answer, method) =>
        method === 'commit' && answered !== '' ? answered : answer,
      ),
    );
    const head = await ledger.verifiedHead();
    answered = JSON.stringify(vectors.answers['commit {"height":"2"}']);
    assert.equal(await ledger.verifiedHead(), head);
    const newest = JSON.stringify(vectors.answers[`commit {"height":"${height + 1}"}`]);
    answered = newest.replaceAll(head.hash.slice(2).toUpperCase(), 'AB'.repeat(32));
    assert.notEqual(answered, newest);
    await assert.rejects(ledger.verifiedHead(), isLie);
  });
});

interface Place {
  readonly name: string;
  change(answer: string): string;
}

/** Every value in the recorded answers of a method that can be changed, by the path to it. */
function placesIn(method: string): readonly Place[] {
  const params: Record<string, unknown> = {
    commit: { height: String(height + 1) },
    validators: { height: String(height + 1), page: '1', per_page: '100' },
    block: { height: String(height) },
    block_results: { height: String(height) },
  };
  const query = Object.keys(vectors.answers).find(
    (name) => name.startsWith('abci_query') && name.includes(slot(5).slice(2)),
  );
  const answer =
    vectors.answers[
      method === 'abci_query' ? String(query) : `${method} ${JSON.stringify(params[method])}`
    ];
  const paths: (readonly string[])[] = [];
  const walk = (value: unknown, path: readonly string[]): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) walk(inner, [...path, name]);
    } else if (value !== '') {
      paths.push(path);
    }
  };
  walk(answer, []);
  return paths.map((path) => ({
    name: path.findLast((part) => !/^\d+$/.test(part)) ?? '',
    change: (text) => {
      const copy = JSON.parse(text) as Record<string, unknown>;
      let inner = copy;
      for (const part of path.slice(0, -1)) inner = inner[part] as Record<string, unknown>;
      const last = path.at(-1) ?? '';
      inner[last] = changed(inner[last]);
      return JSON.stringify(copy);
    },
  }));
}

/** Another value of the same form: one digit, one letter or one bit is another. */
function changed(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  const text = String(value);
  const place = Math.floor(text.length / 2);
  const letter = text[place] === '1' ? '2' : '1';
  return text.slice(0, place) + letter + text.slice(place + 1);
}
