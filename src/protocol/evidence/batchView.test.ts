import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { rootOf } from '../../crypto/merkle/rootOf.ts';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import { storedEntries } from '../../log/storedEntries.ts';
import { openSampleLog, sampleEntries, sha256 } from '../../log/test/sampleLog.ts';
import { batchView, PAPER_LIMITS } from './batchView.ts';
import { ZERO32 } from '../ids.ts';
import type { LogBatch } from './LogBatch.ts';

interface Entry {
  readonly index: number;
  readonly entry: `0x${string}`;
  readonly at: number;
  readonly bodySize: number;
}

function entriesOf(sizes: readonly { at: number; bodySize: number }[]): Entry[] {
  return sizes.map((size, index) => ({ index, entry: sha256(`${index}`), ...size }));
}

async function batches(entries: readonly Entry[]): Promise<LogBatch[]> {
  const all: LogBatch[] = [];
  for await (const batch of batchView(entries, primitives)) all.push(batch);
  return all;
}

function repeated(count: number, at: (i: number) => number, bodySize = 100): Entry[] {
  return entriesOf(Array.from({ length: count }, (_, i) => ({ at: at(i), bodySize })));
}

describe('the batch view', () => {
  it('ends a batch at 15 entries', async () => {
    const cut = await batches(repeated(31, () => 5));
    assert.deepEqual(
      cut.map(({ from, to, complete }) => [from, to, complete]),
      [
        [0, 15, true],
        [15, 30, true],
        [30, 31, false],
      ],
    );
  });

  it('ends a batch before the entry that would take it over 30 KB', async () => {
    const cut = await batches(repeated(7, () => 5, 10 * 1024));
    assert.deepEqual(
      cut.map(({ from, to, bytes }) => [from, to, bytes]),
      [
        [0, 3, 30 * 1024],
        [3, 6, 30 * 1024],
        [6, 7, 10 * 1024],
      ],
    );
  });

  it('gives a body over 30 KB a batch of its own', async () => {
    const sizes = [100, 50_000, 100].map((bodySize) => ({ at: 5, bodySize }));
    const cut = await batches(entriesOf(sizes));
    assert.deepEqual(
      cut.map(({ from, to }) => [from, to]),
      [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
    );
  });

  it('ends a batch 6 minutes after its first entry', async () => {
    const cut = await batches(repeated(5, (i) => 1000 + 180 * i));
    assert.deepEqual(
      cut.map(({ from, to }) => [from, to]),
      [
        [0, 2],
        [2, 4],
        [4, 5],
      ],
    );
    assert.deepEqual(
      cut.map(({ header }) => header.timestamp),
      [1180, 1540, 1720],
    );
  });

  it('chains headers with the fields of the paper', async () => {
    const cut = await batches(repeated(16, () => 5));
    // Computed by another program, in Python.
    assert.deepEqual(cut[0]?.header, {
      number: 0,
      timestamp: 5,
      previousHash: ZERO32,
      merkleRoot: '0xf41009a561cce7bc3d2a0e847bdefd26934cc66c9e5c1bacff0841cc088d01f9',
      hash: '0xad03717df10b4103c0301d25cc1f4f8e1fe04553ec8d47b2ce8618fe7611b0e3',
    });
    assert.equal(cut[1]?.header.previousHash, cut[0]?.header.hash);
  });

  it('holds every entry once, within the limits, and never changes a batch that was complete', async () => {
    const sizes = fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 2000 }),
        bodySize: fc.integer({ min: 1, max: 40_000 }),
      }),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), async (given, cutAt) => {
        const entries = entriesOf(given.toSorted((a, b) => a.at - b.at));
        const whole = await batches(entries);
        assert.equal(whole.at(-1)?.to ?? 0, entries.length);
        for (const [number, { header, from, to, bytes }] of whole.entries()) {
          const held = entries.slice(from, to);
          assert.equal(header.number, number);
          assert.equal(from, whole[number - 1]?.to ?? 0);
          assert.ok(held.length <= PAPER_LIMITS.maxEntries);
          assert.ok(held.length === 1 || bytes <= PAPER_LIMITS.maxBytes);
          assert.ok((held.at(-1)?.at ?? 0) - (held[0]?.at ?? 0) < PAPER_LIMITS.maxSeconds);
          const leaves = held.map(({ entry }) => leafHash(primitives, hexToBytes(entry)));
          assert.deepEqual(hexToBytes(header.merkleRoot), rootOf(primitives, leaves));
        }
        const earlier = await batches(entries.slice(0, cutAt % (entries.length + 1)));
        const complete = earlier.filter((batch) => batch.complete);
        assert.deepEqual(whole.slice(0, complete.length), complete);
      }),
    );
  });

  it('is the same of a log whose bodies were erased', async () => {
    const log = await openSampleLog();
    await log.append(sampleEntries(1200));
    const view = async (): Promise<LogBatch[]> => {
      const all: LogBatch[] = [];
      for await (const batch of batchView(storedEntries(log), primitives)) all.push(batch);
      return all;
    };
    const before = await view();
    assert.equal(before.length, 80);
    for (const index of [0, 17, 1199]) await log.erase(index);
    assert.deepEqual(await view(), before);
  });
});
