import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { MemoryDatabase } from '../database/test/MemoryDatabase.ts';
import { bytesToHex, hexToBytes } from '../crypto/bytes.ts';
import { leafHash } from '../crypto/merkle/leafHash.ts';
import { rootOf } from '../crypto/merkle/rootOf.ts';
import { verifyConsistency } from '../crypto/merkle/verifyConsistency.ts';
import { verifyInclusion } from '../crypto/merkle/verifyInclusion.ts';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import type { NewEntry } from './EvidenceLog.ts';
import {
  expectedRoot,
  failsWith,
  filled,
  leafOf,
  openSampleLog,
  sampleEntries,
  sha256,
} from './test/sampleLog.ts';
import { timesOf } from '../protocol/test/share.ts';

const primitives = portablePrimitives;

describe('the tree of an evidence log', () => {
  it('proves every entry in every small size, and a part of them in every size to 300', async () => {
    const { log, entries } = await filled(300);
    const roots = await Promise.all(Array.from({ length: 301 }, async (_, n) => await log.root(n)));
    for (let size = 0; size <= 300; size++) {
      assert.equal(roots[size], expectedRoot(entries.slice(0, size)));
      const root = hexToBytes(roots[size] ?? '');
      const step = size <= timesOf(64) ? 1 : 17;
      for (let index = size - 1; index >= 0; index -= step) {
        const proof = (await log.inclusion(index, size)).map(hexToBytes);
        const leaf = leafOf(entries[index]);
        assert.ok(verifyInclusion(primitives, { index, size, leaf, proof, root }));
      }
      for (let first = size; first >= 0; first -= step) {
        const proof = (await log.consistency(first, size)).map(hexToBytes);
        const firstRoot = hexToBytes(roots[first] ?? '');
        const claim = { first, second: size, firstRoot, secondRoot: root, proof };
        assert.ok(verifyConsistency(primitives, claim), `${first} to ${size}`);
      }
    }
  });

  // @actor a patient with 16 connections | asks for pages of an audit, so that others wait 50 times as long
  it('proves the entries of a page as one by one, and reads no row of it twice', async () => {
    const database = new MemoryDatabase();
    const read: string[] = [];
    const counted = new Proxy(database, {
      get(target, name, self) {
        const value: unknown = Reflect.get(target, name, self);
        if (typeof value !== 'function') return value;
        return (...args: readonly unknown[]): unknown => {
          if (name === 'getMany') read.push(...(args[0] as Uint8Array[]).map(String));
          return Reflect.apply(value, target, args) as unknown;
        };
      },
    });
    const log = await openSampleLog(counted);
    for (let count = 0; count < 2048; count += 512) await log.append(sampleEntries(512, count));
    for (const indexes of [
      Array.from({ length: 256 }, (_, place) => 700 + place),
      Array.from({ length: 256 }, (_, place) => place * 8),
      [0, 2046, 2047],
      [5],
      [],
    ]) {
      const size = 2047 + (indexes.includes(2047) ? 1 : 0);
      const alone = await Promise.all(
        indexes.map(async (index) => await log.inclusion(index, size)),
      );
      read.splice(0);
      assert.deepEqual(await log.inclusions(indexes, size), alone);
      assert.equal(new Set(read).size, read.length);
    }
    await assert.rejects(log.inclusions([1, 2048], 2048), failsWith('NOT_FOUND'));
    await assert.rejects(log.inclusions([1], 2049), failsWith('NOT_FOUND'));
  });

  it('proves whatever is asked of larger logs, grown in groups of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 20, maxLength: 20 }),
        async (groups, questions) => {
          const log = await openSampleLog();
          const entries: NewEntry[] = [];
          for (const count of groups) {
            const news = sampleEntries(count, entries.length);
            entries.push(...news);
            const edge = log.edge();
            for (const { entry } of news) edge.append(leafHash(primitives, hexToBytes(entry)));
            await log.append(news);
            assert.equal(await log.root(log.size), bytesToHex(edge.root()));
          }
          assert.equal(await log.root(log.size), expectedRoot(entries));
          for (const [a, b] of questions) {
            const size = 1 + (a % entries.length);
            const index = b % size;
            const root = hexToBytes(await log.root(size));
            const proof = (await log.inclusion(index, size)).map(hexToBytes);
            const leaf = leafOf(entries[index]);
            assert.ok(verifyInclusion(primitives, { index, size, leaf, proof, root }));
            const firstRoot = hexToBytes(await log.root(index));
            const path = (await log.consistency(index, size)).map(hexToBytes);
            const claim = { first: index, second: size, firstRoot, secondRoot: root, proof: path };
            assert.ok(verifyConsistency(primitives, claim));
          }
        },
      ),
      { numRuns: timesOf(10) },
    );
  });

  it('reads a logarithmic number of rows for a proof', async () => {
    const database = new MemoryDatabase();
    const log = await openSampleLog(database);
    await log.append(sampleEntries(3000));
    let reads = 0;
    const getMany = database.getMany.bind(database) as (...args: unknown[]) => Promise<never>;
    database.getMany = async (...args: unknown[]) => {
      reads += (args[0] as unknown[]).length;
      return await getMany(...args);
    };
    await log.inclusion(1234, 2999);
    await log.consistency(1233, 2999);
    await log.root(2999);
    assert.ok(reads > 0 && reads <= 3 * 2 * 12 * 4, `${reads} reads`);
  });

  // Computed by another program, in Python, from RFC 9162 and C2SP tlog-tiles.
  it('has these roots, tiles and bundles', async () => {
    const { log } = await filled(600);
    assert.deepEqual(
      await Promise.all([1, 2, 3, 7, 256, 600].map(async (n) => await log.root(n))),
      [
        '0xa00148244b9ef85cde8e7f36840ce12ea28f79f3cf5c4e0facb987fcc1d8c370',
        '0xdac99f52a7e8b755ad93f50885719719c8b797da8105909e77f22d8122131132',
        '0x7c84ed593800a04de2610e0efed6db6d5eeda1ec266626f4a8c29f091aa00277',
        '0x74534a373d80e4723ed1a618f54a3e6184b3237f3c70d37c12ac63cfafa62501',
        '0xb4ecc9235b9d11a786e50212e83b6cf565f697b90767b8bd83fbf1583abdcdd4',
        '0x18b41e8c6a4328e73154b4811be2e5846eee5ae3df799c93279a4f823ae09091',
      ],
    );
    const tiles = [
      log.tile(0, 0, 256),
      log.tile(0, 2, 88),
      log.tile(1, 0, 2),
      log.entryBundle(0, 256),
      log.entryBundle(2, 88),
    ];
    assert.deepEqual(
      (await Promise.all(tiles)).map((tile) => [tile.length, sha256(tile)]),
      [
        [8192, '0x709f7cb45d160dfc0b2933140aa8bec18f9f216f43f81b4b237372878e058152'],
        [2816, '0x515f89cc290cfd842950969451b7ac4a5da7d1e1559373276c1085131d7d8997'],
        [64, '0x1f84411cc7efeee5dac300401bf39b65b8801f1936a4e99388e38aa3693ffc1a'],
        [8704, '0x96a9b5ac00ee9cc5bc78e542a048a51919cfa814bfa8e1293aec7ea9b53309fa'],
        [2992, '0xd5c33ec5685355ed2f37ab8d646b00a1984f6988b03131b28140ef06143fa915'],
      ],
    );
  });

  it('gives the tiles of C2SP tlog-tiles: hashes of complete subtrees of 256^level entries', async () => {
    const { log, entries } = await filled(700);
    const leaves = entries.map(leafOf);
    assert.deepEqual(
      await log.tile(0, 1, 256),
      new Uint8Array(Buffer.concat(leaves.slice(256, 512))),
    );
    assert.deepEqual(await log.tile(0, 2, 188), new Uint8Array(Buffer.concat(leaves.slice(512))));
    assert.deepEqual(
      await log.tile(0, 2, 3),
      new Uint8Array(Buffer.concat(leaves.slice(512, 515))),
    );
    const subtrees = [leaves.slice(0, 256), leaves.slice(256, 512)];
    assert.deepEqual(
      await log.tile(1, 0, 2),
      new Uint8Array(Buffer.concat(subtrees.map((subtree) => rootOf(primitives, subtree)))),
    );
    await assert.rejects(log.tile(1, 0, 3), failsWith('NOT_FOUND'));
  });

  it('gives entry bundles: every entry behind its length in two bytes', async () => {
    const { log, entries } = await filled(300);
    const bundle = await log.entryBundle(1, 44);
    assert.equal(bundle.length, 44 * 34);
    for (let i = 0; i < 44; i++) {
      assert.deepEqual([...bundle.subarray(34 * i, 34 * i + 2)], [0, 32]);
      const entry = `0x${Buffer.from(bundle.subarray(34 * i + 2, 34 * (i + 1))).toString('hex')}`;
      assert.equal(entry, entries[256 + i]?.entry);
    }
  });
});
