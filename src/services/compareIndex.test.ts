import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RowStore } from '../database/rows/RowStore.ts';
import type { LocalDatabase } from '../database/synced.ts';
import { MemoryDatabase } from '../database/test/MemoryDatabase.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { TestClock } from '../ledger/test/TestClock.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import type { ComparedIndex } from '../protocol/operator/OperatorPort.ts';
import { network, primitives, word } from '../protocol/test/sampleNetwork.ts';
import { compareIndex, digestsFor, type OwnIndex } from './compareIndex.ts';
import type { BlockDigest } from './IndexDigests.ts';
import { indexBasis, LedgerIndex } from './LedgerIndex.ts';
import { handleOf, patientsLedger } from './test/patientsLedger.ts';

/** An index with given digests. */
function indexWith(digests: readonly BlockDigest[], basis = 'basis'): OwnIndex {
  return { index: { basis, digests }, primitives };
}

/** Compares an index with those of others, by their names. */
async function compare(
  own: OwnIndex,
  others: Readonly<Record<string, OwnIndex>>,
): Promise<readonly ComparedIndex[]> {
  const all = Object.entries(others).map(async ([name, other]) => {
    const indexed = async (basis: Bytes32): Promise<readonly BlockDigest[]> =>
      await Promise.resolve(digestsFor(other, basis));
    return await compareIndex(own, name, { indexed });
  });
  return (await Promise.all(all)).filter((each) => each !== undefined);
}

const at = (...blocks: readonly number[]): readonly BlockDigest[] =>
  blocks.map((block) => ({ block, digest: word(`rows at ${block}`) }));

async function away(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'insurer' }));
}

describe('a comparison of indexes of the ledger', () => {
  it('is at the newest block of which both have a digest, with each organisation by itself', async () => {
    const others = { laboratory: indexWith(at(32, 64)), insurer: indexWith(at(64, 96, 128)) };
    assert.deepEqual(await compare(indexWith(at(32, 64, 96)), others), [
      { organisation: 'laboratory', block: 64, same: true },
      { organisation: 'insurer', block: 96, same: true },
    ]);
  });

  it('names each organisation whose rows differ, in whatever order it gives its digests', async () => {
    const differing = indexWith([{ block: 64, digest: word('other') }, ...at(32)]);
    const others = { laboratory: indexWith(at(32, 64)), insurer: differing };
    assert.deepEqual(await compare(indexWith(at(32, 64)), others), [
      { organisation: 'laboratory', block: 64, same: true },
      { organisation: 'insurer', block: 64, same: false },
    ]);
  });

  it('says nothing about one that lags or has rows of another network or format', async () => {
    const own = indexWith(at(320, 352));
    const others = {
      lagging: indexWith(at(32, 64)),
      empty: indexWith([]),
      foreign: indexWith([{ block: 352, digest: word('other') }], 'another basis'),
    };
    assert.deepEqual(await compare(own, others), []);
    assert.deepEqual(await compare(indexWith([]), { other: indexWith(at(32)) }), []);
  });

  it('says nothing about one that does not answer, as one of an earlier version does not', async () => {
    const own = indexWith(at(32, 64));
    assert.equal(await compareIndex(own, 'insurer', { indexed: away }), undefined);
  });
});

/** An index over a ledger of patients, a block each, read in steps. */
async function readTo(
  blocks: readonly number[],
  database: LocalDatabase = new MemoryDatabase(),
): Promise<{
  readonly index: LedgerIndex;
  readonly database: LocalDatabase;
  readonly own: OwnIndex;
}> {
  let patients = 0;
  const rows = await RowStore.open(database, indexBasis(network));
  const provider = patientsLedger(() => patients);
  const index = new LedgerIndex({
    provider,
    network,
    clock: new TestClock(1_800_000_000_000),
    rows,
  });
  for (const block of blocks) {
    patients = block + 1;
    await index.refresh();
    await index.digested();
  }
  return { index, database, own: { index, primitives } };
}

describe('digests of an index that follows a ledger', () => {
  it('are the same at each organisation, whatever blocks it read at once, where it was stopped, and if it was made again', async () => {
    const first = await readTo([3, 31, 32, 40, 63, 66, 90, 97]);
    assert.deepEqual(
      first.index.digests.map(({ block }) => block),
      [32, 64, 96],
    );
    const stopped = await readTo([20, 50]);
    const others = {
      'at once': (await readTo([70, 99])).own,
      'in other steps': (await readTo([10, 64, 69, 96])).own,
      'after a restart': (await readTo([70, 100], stopped.database)).own,
      'without its rows, as after a restore': (await readTo([95, 127])).own,
    };
    const compared = await compare(first.own, others);
    assert.deepEqual(
      compared,
      Object.keys(others).map((organisation) => ({ organisation, block: 96, same: true })),
    );
  });

  it('are of the rows at their block, not of later ones', async () => {
    const [early, late] = await Promise.all([readTo([31, 32]), readTo([20, 40, 60])]);
    assert.deepEqual(late.index.digests, early.index.digests);
    const next = (await readTo([31, 60, 64])).index.digests;
    assert.notEqual(next.at(-1)?.digest, early.index.digests[0]?.digest);
  });

  it('are kept over a restart, at the latest by the second refresh after the pass', async () => {
    const { index, database } = await readTo([31, 33]);
    await index.refresh();
    const again = await readTo([33], database);
    assert.deepEqual(again.index.digests, index.digests);
    assert.equal(again.index.digests.length, 1);
  });

  it('are made of rows that a version wrote which made none', async () => {
    const { index, database } = await readTo([31, 40]);
    const text = String(await database.get('mark', { valueEncoding: 'utf8' }));
    const { mark, ...noted } = JSON.parse(text) as { mark: Record<string, unknown> };
    const { block, hash } = mark;
    const before = JSON.stringify({ ...noted, mark: { block, hash } });
    await database.put('mark', before, { valueEncoding: 'utf8' });
    const later = await readTo([40, 64], database);
    assert.deepEqual(
      later.index.digests.map(({ block: due }) => due),
      [64],
    );
    const other = await readTo([40, 64]);
    assert.deepEqual(later.index.digests, other.index.digests);
    assert.notDeepEqual(later.index.digests, index.digests);
  });

  it('differ at the next due block if a row was altered on the disk, and are the same again once the rows were made again', async () => {
    const healthy = await readTo([50, 64]);
    const altered = await readTo([31, 33]);
    const [key = ''] = await altered.database.keys({ gte: 'active/', limit: 1 }).all();
    await altered.database.put(key, '[]', { valueEncoding: 'utf8' });
    const before = await readTo([64], altered.database);
    const others = { altered: before.own };
    const [found] = await compare(healthy.own, others);
    assert.deepEqual(found, { organisation: 'altered', block: 64, same: false });
    const again = await readTo([50, 64]);
    assert.deepEqual(await compare(healthy.own, { altered: again.own }), [
      { organisation: 'altered', block: 64, same: true },
    ]);
    assert.equal(again.index.activeGrants(handleOf(0)).length, 1);
  });

  it('move with the number of the format of the index: if this one does, rows are made in another way, and that number has to change', async () => {
    const { index } = await readTo([31, 32]);
    const digest = '0x4d551f5311d1f2e630ad57114e86daeaa8b2d36ab570f533c8537d2b671023f8';
    assert.deepEqual(
      [indexBasis(network).slice(0, 2), index.digests],
      ['[5', [{ block: 32, digest }]],
    );
  });
});
