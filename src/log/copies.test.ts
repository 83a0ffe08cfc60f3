import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryDatabase } from '../database/test/MemoryDatabase.ts';
import type { CopiedEntry, ErasedEntry, EvidenceLog, NewEntry } from './EvidenceLog.ts';
import { logRowKeys } from './keys.ts';
import {
  ALICE,
  placed,
  expectedRoot,
  failsWith,
  filled,
  openSampleLog,
  sampleEntries,
  sampleEntry,
  sampleVerdict,
  watched,
} from './test/sampleLog.ts';

const view = { keyEncoding: 'view', valueEncoding: 'view' } as const;

/** Makes entries of a copy: what the log gives, with what only a reader of the body can add. */
function asCopied(copied: readonly CopiedEntry[]): (NewEntry | ErasedEntry)[] {
  return copied.map((each) =>
    each.body === undefined ? each : { ...sampleEntry(each.index), verdicts: each.verdicts },
  );
}

/** A log of ten entries on a database that a test can reach into. */
async function reachable(): Promise<{ log: EvidenceLog; database: MemoryDatabase }> {
  const database = new MemoryDatabase();
  const log = await openSampleLog(database);
  await log.append(sampleEntries(10).map(judgedEntry));
  return { log, database };
}

describe('copying a log', () => {
  it('takes entries at their places, one without its body among them', async () => {
    const { log, entries } = await filled(10);
    await log.erase(4);
    const copy = await openSampleLog();
    await copy.copy(0, asCopied(await log.copies({ from: 0, to: 3 })));
    await copy.copy(3, asCopied(await log.copies({ from: 3, to: 10 })));
    assert.equal(copy.size, 10);
    assert.equal(await copy.root(10), expectedRoot(entries));
    assert.deepEqual(await copy.stored({ from: 0, to: 10 }), await log.stored({ from: 0, to: 10 }));
    assert.deepEqual(await copy.copies({ from: 0, to: 10 }), await log.copies({ from: 0, to: 10 }));
    await assert.rejects(copy.read({ from: 4, to: 5 }), failsWith('NOT_FOUND'));
    assert.deepEqual(await copy.concerning(ALICE), [0, 1, 2, 3, 5, 6, 7, 8, 9]);
    assert.deepEqual(await copy.answeredAt(entries.slice(4, 6)), [undefined, 5]);
  });

  it('takes them at no other place, all or none, in one synced write', async () => {
    const database = new MemoryDatabase();
    const log = await openSampleLog(database);
    const seen = watched(database);
    await log.copy(0, sampleEntries(3));
    await assert.rejects(log.copy(2, sampleEntries(2, 3)), failsWith('REQUEST_MALFORMED'));
    await assert.rejects(log.copy(4, sampleEntries(2, 3)), failsWith('REQUEST_MALFORMED'));
    const wrong = [sampleEntry(3), { ...sampleEntry(4), body: '{"at":1}' }];
    await assert.rejects(log.copy(3, wrong), failsWith('REQUEST_MALFORMED'));
    const [first] = await log.copies({ from: 0, to: 1 });
    const { body: _, ...erased } = { ...(first as NewEntry & { log: string; index: number }) };
    for (const at of [-1, 0.5, Number.NaN]) {
      const strange = { ...erased, at, bodySize: 1 } as ErasedEntry;
      await assert.rejects(log.copy(3, [strange]), failsWith('REQUEST_MALFORMED'));
    }
    const racing = await Promise.allSettled([
      log.copy(3, sampleEntries(2, 3)),
      log.copy(3, sampleEntries(2, 3)),
      log.append(sampleEntries(1, 5)),
    ]);
    assert.deepEqual(
      racing.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.equal(log.size, 6);
    assert.equal(await log.root(6), expectedRoot(sampleEntries(6)));
    assert.equal(seen.writes, 2);
    await log.close();
    await assert.rejects(log.copy(6, sampleEntries(1, 6)), failsWith('CLOSED'));
  });

  it('lists every checkpoint, smallest first', async () => {
    const { log } = await filled(300);
    for (let size = 300; size > 0; size--) {
      await log.keepCheckpoint(placed(await log.root(size), size));
    }
    const sizes: number[] = [];
    for await (const { checkpoint } of log.checkpoints()) sizes.push(checkpoint.size);
    assert.deepEqual(
      sizes,
      Array.from({ length: 300 }, (_, i) => i + 1),
    );
  });
});

describe('damage to a log', () => {
  const damages: [string, (database: MemoryDatabase) => Promise<void>, boolean][] = [
    ['no body', async (database) => await database.del(logRowKeys.body(4), view), true],
    ['no entry', async (database) => await database.del(logRowKeys.entry(4), view), false],
    [
      'half an entry',
      async (database) => await put(database, logRowKeys.entry(4), new Uint8Array(24)),
      false,
    ],
    [
      'another body',
      async (database) => await move(database, logRowKeys.body(5), logRowKeys.body(4)),
      true,
    ],
    [
      'another entry',
      async (database) => await move(database, logRowKeys.entry(5), logRowKeys.entry(4)),
      true,
    ],
    [
      'other bytes for verdicts',
      async (database) => {
        const row = await rowOf(database, logRowKeys.entry(4));
        await put(database, logRowKeys.entry(4), row.with(49, (row[49] ?? 0) ^ 1));
      },
      true,
    ],
    [
      'verdicts cut off',
      async (database) => {
        const row = await rowOf(database, logRowKeys.entry(4));
        await put(database, logRowKeys.entry(4), row.slice(0, -1));
      },
      true,
    ],
  ];
  for (const [name, damage, hasEntry] of damages) {
    it(`is found and made good: ${name}`, async () => {
      const { log, database } = await reachable();
      const before = await log.copies({ from: 0, to: 10 });
      await damage(database);
      const found = await log.examine({ from: 0, to: 10 });
      assert.deepEqual(
        found.filter(({ sound }) => !sound).map(({ index }) => index),
        [4],
      );
      assert.equal(found[4]?.entry !== undefined, hasEntry);
      await log.restore(4, judgedEntry(sampleEntry(4)));
      assert.ok((await log.examine({ from: 0, to: 10 })).every(({ sound }) => sound));
      assert.deepEqual(await log.copies({ from: 0, to: 10 }), before);
    });
  }

  it('is not that a body was erased', async () => {
    const { log } = await filled(10);
    await log.erase(4);
    assert.ok((await log.examine({ from: 0, to: 10 })).every(({ sound }) => sound));
  });

  it('is made good without a body where it was erased elsewhere', async () => {
    const { log, database } = await reachable();
    const verdicts = [sampleVerdict(sampleEntry(4).entry)];
    const [stored] = await log.stored({ from: 4, to: 5 });
    assert.ok(stored);
    await database.batch(
      [
        { type: 'del', key: logRowKeys.entry(4) },
        { type: 'del', key: logRowKeys.body(4) },
      ] as never,
      view as never,
    );
    await log.restore(4, { ...stored, verdicts, log: 'care/hospital' });
    assert.deepEqual(await log.copies({ from: 4, to: 5 }), [
      { ...stored, verdicts, log: 'care/hospital' },
    ]);
  });

  it('to the tree is found and made good from the entries', async () => {
    const { log, database } = await reachable();
    await log.append(sampleEntries(30, 10));
    await put(database, logRowKeys.hash(4, 1), new Uint8Array(32));
    await database.del(logRowKeys.hash(4, 0), view);
    assert.equal(await log.mendTree(), 2);
    assert.equal(await log.mendTree(), 0);
    assert.equal((await log.inclusion(3, 40)).length, 6);
    await database.del(logRowKeys.entry(3), view);
    await assert.rejects(log.mendTree(), failsWith('EVIDENCE_INVALID'));
  });
});

async function put(database: MemoryDatabase, key: Uint8Array, value: Uint8Array): Promise<void> {
  await database.put<Uint8Array, Uint8Array>(key, value, view);
}

async function rowOf(database: MemoryDatabase, key: Uint8Array): Promise<Uint8Array> {
  return (await database.get<Uint8Array, Uint8Array>(key, view)) ?? new Uint8Array();
}

async function move(database: MemoryDatabase, from: Uint8Array, to: Uint8Array): Promise<void> {
  await put(database, to, await rowOf(database, from));
}

/** A sample entry with a verdict. */
function judgedEntry(entry: NewEntry): NewEntry {
  return { ...entry, verdicts: [sampleVerdict(entry.entry)] };
}
