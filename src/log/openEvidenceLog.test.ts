import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { ClassicLevel } from 'classic-level';
import * as fc from 'fast-check';
import { MemoryLevel } from 'memory-level';
import { hexToBytes, utf8ToBytes } from '../crypto/bytes.ts';
import { leafHash } from '../crypto/merkle/leafHash.ts';
import { rootOf } from '../crypto/merkle/rootOf.ts';
import { verifyConsistency } from '../crypto/merkle/verifyConsistency.ts';
import { verifyInclusion } from '../crypto/merkle/verifyInclusion.ts';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { encryptBodies } from './encryptBodies.ts';
import type { AnchoredCheckpoint, EvidenceLog, NewEntry } from './EvidenceLog.ts';
import { keys } from './keys.ts';
import type { LogDatabase } from './LogRows.ts';
import { openEvidenceLog } from './openEvidenceLog.ts';
import {
  ALICE,
  BOB,
  countingRandom,
  IDENTITY,
  keptOpen,
  openSampleLog,
  sampleEncryption,
  sampleEntries,
  sampleEntry,
  sampleVerdict,
  sha256,
} from './testLog.ts';

const primitives = portablePrimitives;

function failsWith(code: ErrorCode): (error: unknown) => true {
  return (error) => {
    assert.ok(isMedsealError(error, code), `${String(error)} is not ${code}`);
    return true;
  };
}

function leafOf(entry: NewEntry | undefined): Uint8Array {
  return leafHash(primitives, hexToBytes(entry?.entry ?? ''));
}

function expectedRoot(entries: readonly NewEntry[]): string {
  return `0x${Buffer.from(rootOf(primitives, entries.map(leafOf))).toString('hex')}`;
}

/** Counts the writes to a database, and can make them fail. */
function watched(database: LogDatabase): { writes: number; sizes: number[]; broken: boolean } {
  const seen = { writes: 0, sizes: [] as number[], broken: false };
  const batch = database.batch.bind(database);
  database.batch = async (operations, options) => {
    assert.equal(options.sync, true, 'every write is synced');
    if (seen.broken) throw Object.assign(new Error('no space'), { code: 'LEVEL_IO_ERROR' });
    seen.writes += 1;
    seen.sizes.push(operations.length);
    await batch(operations, options);
  };
  return seen;
}

async function filled(count: number): Promise<{ log: EvidenceLog; entries: NewEntry[] }> {
  const log = await openSampleLog();
  const entries = sampleEntries(count);
  await log.append(entries);
  return { log, entries };
}

describe('an evidence log', () => {
  it('acknowledges entries at their places, in the order given, and gives them back', async () => {
    const log = await openSampleLog();
    const entries = sampleEntries(5);
    const verdicts = entries.map(({ entry }) => [sampleVerdict(entry)]);
    const acknowledged = await log.append(
      entries.map((entry, i) => ({ ...entry, verdicts: verdicts[i] ?? [] })),
    );
    assert.deepEqual(
      acknowledged,
      entries.map(({ entry, body }, index) => ({
        log: 'care/hospital',
        index,
        entry,
        body,
        verdicts: verdicts[index],
      })),
    );
    assert.deepEqual(await log.read({ from: 0, to: 5 }), acknowledged);
    assert.deepEqual(await log.read({ from: 2, to: 3 }), acknowledged.slice(2, 3));
    assert.deepEqual(await log.read({ from: 5, to: 5 }), []);
    assert.equal(log.size, 5);
  });

  it('starts empty', async () => {
    const log = await openSampleLog();
    assert.equal(log.size, 0);
    assert.deepEqual(await log.append([]), []);
    assert.equal(
      await log.root(0),
      '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    assert.deepEqual(await log.concerning(ALICE), []);
    assert.equal(await log.latestCheckpoint(), undefined);
    assert.equal(await log.answerTo(sha256('nothing')), undefined);
  });

  it('gives an identical request its first answer, in one call, in concurrent ones and later', async () => {
    const log = await openSampleLog();
    const [first, second] = sampleEntries(2) as [NewEntry, NewEntry];
    const body = JSON.stringify({ at: 1, other: 'salt' });
    const again = { ...first, body, entry: sha256(body) };
    const [one, two] = await Promise.all([log.append([first, again]), log.append([again, second])]);
    assert.deepEqual(one[1], one[0]);
    assert.deepEqual(two[0], one[0]);
    assert.equal(two[1]?.index, 1);
    assert.equal(log.size, 2);
    assert.deepEqual(await log.append([again]), [one[0]]);
    assert.deepEqual(await log.answerTo(first.request), one[0]);
    assert.equal(log.size, 2);
  });

  it('refuses an entry that is not the hash of its body, with all of its call', async () => {
    const log = await openSampleLog();
    const [good, other] = sampleEntries(2) as [NewEntry, NewEntry];
    const wrong: NewEntry[] = [
      { ...good, body: other.body },
      { ...good, body: 'no JSON', entry: sha256('no JSON') },
      { ...good, body: '{}', entry: sha256('{}') },
      { ...good, body: '{"at":-1}', entry: sha256('{"at":-1}') },
      { ...good, entry: '0x00' },
      { ...good, request: '0x00' },
      { ...good, handle: '0x00' },
    ];
    for (const entry of wrong) {
      await assert.rejects(log.append([other, entry]), failsWith('REQUEST_MALFORMED'));
    }
    assert.equal(log.size, 0);
  });

  it('finds the entries that concern a patient, in order', async () => {
    const log = await openSampleLog();
    await log.append(Array.from({ length: 300 }, (_, n) => sampleEntry(n, n % 3 ? ALICE : BOB)));
    const bobs = Array.from({ length: 100 }, (_, i) => 3 * i);
    assert.deepEqual(await log.concerning(BOB), bobs);
    assert.equal((await log.concerning(ALICE)).length, 200);
    assert.deepEqual(await log.concerning(`0x${'b1'.repeat(32)}`), []);
  });

  it('says that what lies beyond it is not there', async () => {
    const { log } = await filled(3);
    const beyond: (() => Promise<unknown>)[] = [
      async () => await log.read({ from: 2, to: 4 }),
      async () => await log.read({ from: 3, to: 2 }),
      async () => await log.read({ from: -1, to: 2 }),
      async () => await log.read({ from: 0.5, to: 2 }),
      async () => await log.kept({ from: 0, to: 4 }),
      async () => await log.root(4),
      async () => await log.root(-1),
      async () => await log.inclusion(3, 3),
      async () => await log.inclusion(0, 4),
      async () => await log.consistency(1, 4),
      async () => await log.consistency(3, 2),
      async () => await log.tile(0, 0, 4),
      async () => await log.tile(0, 0, 0),
      async () => await log.tile(0, 0, 257),
      async () => await log.tile(0, 1, 1),
      async () => await log.tile(1, 0, 1),
      async () => await log.tile(64, 0, 1),
      async () => await log.entryBundle(0, 4),
      async () => await log.erase(3),
      async () => await log.erase(-1),
    ];
    for (const operation of beyond) await assert.rejects(operation, failsWith('NOT_FOUND'));
  });
});

describe('the tree of an evidence log', () => {
  it('proves every entry in every size to 64, and a part of them in every size to 300', async () => {
    const { log, entries } = await filled(300);
    const roots = await Promise.all(Array.from({ length: 301 }, async (_, n) => await log.root(n)));
    for (let size = 0; size <= 300; size++) {
      assert.equal(roots[size], expectedRoot(entries.slice(0, size)));
      const root = hexToBytes(roots[size] ?? '');
      const step = size <= 64 ? 1 : 17;
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
            const root = await log.rootWith(news.map(({ entry }) => hexToBytes(entry)));
            await log.append(news);
            assert.equal(await log.root(log.size), root);
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
      { numRuns: 10 },
    );
  });

  it('reads a logarithmic number of rows for a proof', async () => {
    const database = new MemoryLevel();
    const log = await openSampleLog(database);
    await log.append(sampleEntries(3000));
    let reads = 0;
    const get = database.get.bind(database) as (...args: unknown[]) => Promise<never>;
    database.get = async (...args: unknown[]) => {
      reads += 1;
      return await get(...args);
    };
    await log.inclusion(1234, 2999);
    await log.consistency(1233, 2999);
    await log.root(2999);
    assert.ok(reads <= 3 * 2 * 12, `${reads} reads`);
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

describe('group commit of an evidence log', () => {
  it('keeps the order of 1,000 concurrent appends and writes them in few groups', async () => {
    const database = new MemoryLevel();
    const seen = watched(database);
    const log = await openSampleLog(database);
    const before = seen.writes;
    const entries = sampleEntries(1000);
    const acknowledged = await Promise.all(entries.map(async (entry) => await log.append([entry])));
    assert.deepEqual(
      acknowledged.map(([one]) => one?.index),
      entries.map((_, index) => index),
    );
    assert.ok(seen.writes - before <= 2, `${seen.writes - before} writes`);
    assert.equal(await log.root(1000), expectedRoot(entries));
  });

  it('collects the next group while one is written', async () => {
    const database: LogDatabase = new MemoryLevel();
    const log = await openSampleLog(database);
    const batch = database.batch.bind(database);
    const sizes: number[] = [];
    const later: Promise<unknown>[] = [];
    database.batch = async (changes, options) => {
      sizes.push(log.size);
      if (sizes.length === 1) {
        for (let n = 1; n < 50; n++) later.push(log.append([sampleEntry(n)]));
      }
      await new Promise(setImmediate);
      assert.equal(log.size, sizes.at(-1), 'what is not durable is not there');
      await batch(changes, options);
    };
    await log.append([sampleEntry(0)]);
    assert.equal(log.size, 1);
    await Promise.all(later);
    assert.deepEqual(sizes, [0, 1]);
    assert.equal(log.size, 50);
  });

  it('takes no more than 8 MB of bodies in one write', async () => {
    const database = new MemoryLevel();
    const log = await openSampleLog(database);
    const seen = watched(database);
    const big = Array.from({ length: 20 }, (_, n): NewEntry => {
      const body = JSON.stringify({ at: n, text: 'x'.repeat(1_000_000) });
      return { ...sampleEntry(n), body, entry: sha256(body) };
    });
    await Promise.all(big.map(async (entry) => await log.append([entry])));
    assert.equal(seen.writes, 3);
    assert.equal(log.size, 20);
  });
});

describe('durability of an evidence log', () => {
  it('is the same after it was opened again, on disk', async () => {
    const path = await mkdtemp(join(tmpdir(), 'medseal-log-'));
    try {
      const log = await openSampleLog(new ClassicLevel(path));
      const entries = sampleEntries(300);
      const acknowledged = await log.append(entries.slice(0, 299));
      await log.keepCheckpoint(anchored(await log.root(200), 200));
      await log.close();
      const again = await openSampleLog(new ClassicLevel(path));
      assert.equal(again.size, 299);
      assert.deepEqual(await again.read({ from: 0, to: 299 }), acknowledged);
      assert.deepEqual(await again.append([entries[7] as NewEntry]), [acknowledged[7]]);
      assert.equal((await again.append([entries[299] as NewEntry]))[0]?.index, 299);
      assert.equal(await again.root(300), expectedRoot(entries));
      assert.equal((await again.latestCheckpoint())?.checkpoint.size, 200);
      await again.close();
    } finally {
      await rm(path, { recursive: true });
    }
  });

  it('holds all that it acknowledged after its process was killed, in whole groups', async () => {
    const path = await mkdtemp(join(tmpdir(), 'medseal-kill-'));
    try {
      const script = join(import.meta.dirname, 'appendUntilKilled.ts');
      const child = spawn(process.execPath, [script, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let acknowledged = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        acknowledged = Number(line);
        if (acknowledged >= 700) child.kill('SIGKILL');
      }
      const log = await openSampleLog(new ClassicLevel(path));
      assert.ok(acknowledged >= 700 && log.size >= acknowledged);
      assert.equal(log.size % 7, 0);
      assert.equal(await log.root(log.size), expectedRoot(sampleEntries(log.size)));
      assert.equal((await log.read({ from: 0, to: log.size })).length, log.size);
      await log.close();
    } finally {
      await rm(path, { recursive: true });
    }
  });

  it('holds nothing of a group whose write failed, and appends nothing until it is opened again', async () => {
    const database = keptOpen();
    const log = await openSampleLog(database);
    const seen = watched(database);
    const entries = sampleEntries(10);
    const first = await log.append(entries.slice(0, 5));
    seen.broken = true;
    const failing = entries.slice(5).map(async (entry) => await log.append([entry]));
    for (const call of failing) await assert.rejects(call, failsWith('FOLDER_UNWRITABLE'));
    seen.broken = false;
    await assert.rejects(log.append([sampleEntry(20)]), failsWith('FOLDER_UNWRITABLE'));
    await assert.rejects(
      log.keepCheckpoint(anchored(await log.root(5), 5)),
      failsWith('FOLDER_UNWRITABLE'),
    );
    assert.equal(log.size, 5);
    assert.deepEqual(await log.read({ from: 0, to: 5 }), first, 'reads go on');
    assert.deepEqual(await log.append(entries.slice(0, 1)), first.slice(0, 1), 'so do repeats');
    assert.equal(await log.answerTo(entries[5]?.request ?? '0x'), undefined);
    await log.close();

    const again = await openSampleLog(database);
    assert.equal(again.size, 5);
    await again.append(entries.slice(5));
    assert.equal(await again.root(10), expectedRoot(entries));
    assert.deepEqual(await again.concerning(ALICE), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('finishes what was begun before it closes, and takes nothing afterwards', async () => {
    const database = keptOpen();
    const log = await openSampleLog(database);
    const appending = log.append(sampleEntries(3));
    await log.close();
    assert.equal((await appending).length, 3);
    await assert.rejects(log.append(sampleEntries(1)), failsWith('CLOSED'));
    assert.equal((await openSampleLog(database)).size, 3);
  });

  it('refuses the database of another log, of another key, of a newer version, of something else', async () => {
    const database = keptOpen();
    await openSampleLog(database);
    for (const other of [
      { ...IDENTITY, name: 'care/laboratory' },
      { ...IDENTITY, origin: 'other' },
      { ...IDENTITY, id: sha256('other') },
    ]) {
      await assert.rejects(openSampleLog(database, other), failsWith('FOLDER_FOREIGN'));
    }
    const bodies = sampleEncryption(8);
    await assert.rejects(
      openEvidenceLog({ identity: IDENTITY, database, primitives, bodies }),
      failsWith('FOLDER_FOREIGN'),
    );
    await openSampleLog(database);

    const newer = new MemoryLevel();
    const value = utf8ToBytes(JSON.stringify({ format: 2 }));
    const view = { keyEncoding: 'view', valueEncoding: 'view' } as const;
    await newer.put<Uint8Array, Uint8Array>(keys.identity, value, view);
    await assert.rejects(openSampleLog(newer), failsWith('FOLDER_NEWER'));

    const strange = new MemoryLevel();
    await strange.put('some', 'thing');
    await assert.rejects(openSampleLog(strange), failsWith('FOLDER_FOREIGN'));
  });
});

function anchored(root: string, size: number): AnchoredCheckpoint {
  return {
    checkpoint: {
      log: IDENTITY.name,
      size,
      root: root as `0x${string}`,
      note: `${IDENTITY.origin}\n${size}\n`,
      signatures: [],
    },
    ledger: { transaction: sha256(`${size}`), block: size },
  };
}

describe('checkpoints of an evidence log', () => {
  it('finds the first that covers an entry, and the newest', async () => {
    const { log } = await filled(30);
    const [five, twenty] = [anchored(await log.root(5), 5), anchored(await log.root(20), 20)];
    await log.keepCheckpoint(twenty);
    await log.keepCheckpoint(five);
    await log.keepCheckpoint(five);
    assert.deepEqual(await log.latestCheckpoint(), twenty);
    assert.deepEqual(await log.checkpointCovering(0), five);
    assert.deepEqual(await log.checkpointCovering(4), five);
    assert.deepEqual(await log.checkpointCovering(5), twenty);
    assert.deepEqual(await log.checkpointCovering(19), twenty);
    assert.equal(await log.checkpointCovering(20), undefined);
    assert.equal(await log.checkpointCovering(1000), undefined);
  });

  it('keeps none that is not the log', async () => {
    const { log } = await filled(30);
    const good = anchored(await log.root(5), 5);
    const wrong = [
      anchored(await log.root(6), 5),
      anchored(await log.root(5), 31),
      anchored(await log.root(5), -1),
      { ...good, checkpoint: { ...good.checkpoint, log: 'care/laboratory' } },
    ];
    for (const checkpoint of wrong) {
      await assert.rejects(log.keepCheckpoint(checkpoint), failsWith('CHECKPOINT_REFUSED'));
    }
    assert.equal(await log.latestCheckpoint(), undefined);
  });
});

describe('erasing a body', () => {
  it('takes the body alone: entry, proofs, verdicts and indexes stay', async () => {
    const log = await openSampleLog();
    const entries = sampleEntries(10);
    const verdicts = [sampleVerdict(entries[4]?.entry ?? '0x')];
    await log.append(entries.map((entry) => ({ ...entry, verdicts })));
    const root = await log.root(10);
    const kept = await log.kept({ from: 0, to: 10 });
    await log.erase(4);
    await log.erase(4);

    const erased = entries[4] as NewEntry;
    await assert.rejects(log.read({ from: 4, to: 5 }), failsWith('NOT_FOUND'));
    await assert.rejects(log.read({ from: 0, to: 10 }), failsWith('NOT_FOUND'));
    await assert.rejects(log.answerTo(erased.request), failsWith('NOT_FOUND'));
    assert.equal((await log.read({ from: 5, to: 10 })).length, 5);
    assert.equal((await log.read({ from: 0, to: 4 })).length, 4);
    assert.deepEqual(await log.kept({ from: 0, to: 10 }), kept);
    assert.deepEqual(kept[4], {
      index: 4,
      entry: erased.entry,
      at: 1_700_000_004,
      bodySize: erased.body.length,
      verdicts,
    });
    assert.equal(await log.root(10), root);
    assert.deepEqual(await log.concerning(ALICE), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const proof = (await log.inclusion(4, 10)).map(hexToBytes);
    const claim = { index: 4, size: 10, leaf: leafOf(erased), proof, root: hexToBytes(root) };
    assert.ok(verifyInclusion(primitives, claim));

    await assert.rejects(log.append([erased, sampleEntry(10)]), failsWith('NOT_FOUND'));
    assert.equal(log.size, 11, 'the erased request is not appended again, the other one is');
  });

  it('leaves neither the body nor its secret in the files of the database', async () => {
    const path = await mkdtemp(join(tmpdir(), 'medseal-erase-'));
    try {
      const random = countingRandom();
      const secrets: Uint8Array[] = [];
      const bodies = encryptBodies({
        storageKey: new Uint8Array(32).fill(7),
        random: (length) => {
          const secret = random(length);
          secrets.push(secret);
          return secret;
        },
      });
      const database = new ClassicLevel(path);
      const log = await openEvidenceLog({ identity: IDENTITY, database, primitives, bodies });
      for (let n = 0; n < 20; n++) await log.append(sampleEntries(10, 10 * n));
      const secret = Buffer.from(secrets[55] ?? []);
      const sealed = await database.get<Uint8Array, Uint8Array>(keys.body(55), {
        keyEncoding: 'view',
        valueEncoding: 'view',
      });
      const body = Buffer.from(sealed ?? []);
      const lies = async (bytes: Buffer): Promise<boolean> => {
        const names = await readdir(path);
        const files = await Promise.all(
          names.map(async (name) => await readFile(join(path, name))),
        );
        return files.some((file) => file.includes(bytes));
      };
      assert.ok((await lies(secret)) && (await lies(body)), 'the search finds what is there');
      await log.erase(55);
      assert.deepEqual([await lies(secret), await lies(body)], [false, false]);
      assert.equal((await log.read({ from: 56, to: 200 })).length, 144);
      await log.close();
    } finally {
      await rm(path, { recursive: true });
    }
  });

  it('keeps bodies unreadable at rest', async () => {
    const database = new MemoryLevel();
    const log = await openSampleLog(database);
    const body = JSON.stringify({ at: 1, diagnosis: 'a word that must not be readable' });
    await log.append([{ ...sampleEntry(0), body, entry: sha256(body) }]);
    const view = { keyEncoding: 'view', valueEncoding: 'view' } as const;
    const rows = await database.iterator<Uint8Array, Uint8Array>(view).all();
    const bytes = Buffer.concat(rows.flat());
    assert.equal(bytes.includes('diagnosis'), false);
    assert.equal((await log.read({ from: 0, to: 1 }))[0]?.body, body);
  });

  it('notices a body that was damaged or moved', async () => {
    const database = new MemoryLevel();
    const log = await openSampleLog(database);
    await log.append(sampleEntries(2));
    const view = { keyEncoding: 'view', valueEncoding: 'view' } as const;
    const get = async (key: Uint8Array): Promise<Uint8Array> =>
      (await database.get<Uint8Array, Uint8Array>(key, view)) ?? new Uint8Array();
    const put = async (key: Uint8Array, value: Uint8Array): Promise<void> => {
      await database.put<Uint8Array, Uint8Array>(key, value, view);
    };
    await put(keys.body(0), await get(keys.body(1)));
    await put(keys.bodySecret(0), await get(keys.bodySecret(1)));
    await assert.rejects(log.read({ from: 0, to: 1 }), failsWith('SEAL_UNREADABLE'));
    const sealed = await get(keys.body(1));
    await put(keys.body(1), sealed.with(3, (sealed[3] ?? 0) ^ 1));
    await assert.rejects(log.read({ from: 1, to: 2 }), failsWith('SEAL_UNREADABLE'));
  });
});
