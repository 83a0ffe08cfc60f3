import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { MemoryLevel } from 'memory-level';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { addressOf, SECRETS } from '../ledger.cases.ts';
import { openEmbeddedLedger } from '../openEmbeddedLedger.ts';
import { openSender } from '../openSender.ts';
import { probe, set } from '../test/probe.ts';
import { TestClock } from '../test/TestClock.ts';
import type { LedgerDatabase } from '../store/LedgerDatabase.ts';
import { examineLedger } from './examineLedger.ts';
import type { LedgerFault } from './LedgerFault.ts';
import { rebuildLedger } from './rebuildLedger.ts';

const primitives = await createNativePrimitives();
const chainId = 4242;
const genesis = { timestamp: 1_700_000_000, senders: SECRETS.map(addressOf) };
const BINARY = { keyEncoding: 'view', valueEncoding: 'view' } as const;

type Row = [Uint8Array, Uint8Array];

/** Every row of a ledger with some blocks in it. */
let rows: Row[];
let genesisHash: `0x${string}`;

before(async () => {
  const database = openAgain();
  const clock = new TestClock(1_700_000_100_000);
  const ledger = await openEmbeddedLedger({ database, chainId, genesis, clock, primitives });
  ({ genesisHash } = ledger);
  const [secret] = SECRETS;
  const sender = openSender({ provider: ledger, chainId, secret, primitives, clock });
  const { contract: to } = await sender.send({ data: probe.creation, gas: 500_000 });
  assert.ok(to !== undefined);
  for (let value = 1n; value < 4n; value++) {
    await sender.send({ to, data: set(value % 3n, value), gas: 100_000 });
  }
  rows = await database.iterator<Uint8Array, Uint8Array>(BINARY).all();
  await ledger.close();
});

function openAgain(): LedgerDatabase {
  return new MemoryLevel();
}

async function filled(changed: readonly Row[]): Promise<LedgerDatabase> {
  const database = openAgain();
  await database.open();
  await database.batch(
    changed.map(([key, value]) => ({ type: 'put' as const, key, value })),
    BINARY,
  );
  return database;
}

async function faultsOf(database: LedgerDatabase): Promise<LedgerFault[]> {
  const faults: LedgerFault[] = [];
  const onFault = (fault: LedgerFault): void => void faults.push(fault);
  await examineLedger({ database, chainId, genesisHash, primitives, onFault });
  return faults;
}

/** Some rows of each kind, by their places. */
function samples(): readonly number[] {
  const taken = new Map<number, number>();
  return [...rows.keys()].filter((place) => {
    const letter = rows[place]?.[0][0] ?? 0;
    taken.set(letter, (taken.get(letter) ?? 0) + 1);
    return (taken.get(letter) ?? 0) <= 4;
  });
}

function nameOf([key]: Row): string {
  return `${String.fromCharCode(key[0] ?? 0)} ${Buffer.from(key).toString('hex')}`;
}

/** Fault that must be reported for a changed row, by the first letter of its key. */
const KINDS: Readonly<Record<string, RegExp>> = {
  m: /identity/,
  z: /identity|block|index|receipts/,
  b: /block/,
  r: /receipts|index/,
  n: /state/,
  c: /state/,
  h: /index/,
  t: /index/,
  l: /index/,
};

describe('the examination of a ledger', () => {
  it('finds nothing wrong with what the ledger wrote', async () => {
    assert.deepEqual(await faultsOf(await filled(rows)), []);
    assert.ok(new Set(rows.map(([key]) => key[0])).size === Object.keys(KINDS).length);
  });

  it('finds a row of any kind that is lost, and a bit that is changed in one', async () => {
    for (const place of samples()) {
      const [key, value] = rows[place] ?? assert.fail();
      const others = rows.toSpliced(place, 1);
      const letter = String.fromCharCode(key[0] ?? 0);
      const kinds = KINDS[letter] ?? assert.fail(letter);
      const step = Math.max(1, Math.floor(value.length / 5));
      const places = [...value.keys()].filter((at) => at % step === 0);
      const altered = places.map((at): Row[] => [
        ...others,
        [key, value.with(at, (value[at] ?? 0) ^ (1 << (at % 8)))],
      ]);
      for (const changed of [
        others,
        ...altered,
        [...others, [key, Uint8Array.of(1, ...value)] as Row],
      ]) {
        const faults = await faultsOf(await filled(changed));
        assert.ok(faults.length > 0, nameOf([key, value]));
        assert.ok(
          faults.some(({ kind }) => kinds.test(kind)),
          `${nameOf([key, value])}: ${faults[0]?.what}`,
        );
      }
    }
  });

  it('finds rows that nothing leads to', async () => {
    for (const letter of ['b', 'h', 't', 'l', 'r']) {
      const stray: Row = [
        Uint8Array.of(letter.charCodeAt(0), 9, 9, 9, 9, 9, 9, 9, 9),
        Uint8Array.of(0),
      ];
      const faults = await faultsOf(await filled([...rows, stray]));
      assert.ok(faults.length > 0, letter);
    }
  });
});

describe('the rebuilding of a ledger', () => {
  it('makes good whatever follows from the blocks, to the byte', async () => {
    for (const place of samples()) {
      const [key, value] = rows[place] ?? assert.fail();
      if (!/[rncthl]/.test(String.fromCharCode(key[0] ?? 0))) continue;
      const others = rows.toSpliced(place, 1);
      const at = value.length >> 1;
      const altered: Row[] =
        value.length === 0 ? [] : [[key, value.with(at, (value[at] ?? 0) ^ 1)]];
      for (const changed of [others, [...others, ...altered]]) {
        const database = await filled(changed);
        await rebuildLedger({ database, chainId, primitives });
        assert.deepEqual(
          await database.iterator<Uint8Array, Uint8Array>(BINARY).all(),
          rows,
          nameOf([key, value]),
        );
      }
    }
  });

  it('removes from the indexes what leads nowhere, and touches nothing that is whole', async () => {
    const stray = ['h', 't', 'l'].map((letter): Row => [
      Uint8Array.of(letter.charCodeAt(0), ...new Uint8Array(32).fill(7)),
      new Uint8Array(12),
    ]);
    const database = await filled([...rows, ...stray]);
    assert.equal(await rebuildLedger({ database, chainId, primitives }), stray.length);
    assert.deepEqual(await database.iterator<Uint8Array, Uint8Array>(BINARY).all(), rows);
    assert.equal(await rebuildLedger({ database, chainId, primitives }), 0);
  });

  it('ends before a block that is lost', async () => {
    const lost = rows.filter(([key]) => !(key[0] === 0x62 && key.at(-1) === 3));
    const database = await filled(lost);
    await rebuildLedger({ database, chainId, primitives });
    const faults = await faultsOf(database);
    assert.ok(faults.some(({ what }) => what === 'block 3 is lost'));
    assert.ok(faults.every(({ kind }) => kind === 'ledger-block'));
  });
});

describe('a ledger that lost what it is', () => {
  it('is not begun again over its blocks', async () => {
    const database = await filled(rows.filter(([key]) => key[0] !== 0x6d));
    const clock = new TestClock(1_700_000_200_000);
    await assert.rejects(
      openEmbeddedLedger({ database, chainId, genesis, clock }),
      failsWith('LEDGER_OTHER'),
    );
    assert.equal(
      (await database.iterator<Uint8Array, Uint8Array>(BINARY).all()).length,
      rows.length - 1,
    );
  });
});
