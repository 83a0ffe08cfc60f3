import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LevelDatabase } from '../database/LevelDatabase.ts';
import { MemoryDatabase } from '../database/test/MemoryDatabase.ts';
import { utf8ToBytes } from '../crypto/bytes.ts';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import { u64 } from '../crypto/u64.ts';
import { LOG_FORMAT } from './claimDatabase.ts';
import type { NewEntry } from './EvidenceLog.ts';
import { logRowKeys } from './keys.ts';
import { haltAfterFailure } from '../database/haltAfterFailure.ts';
import { BINARY_SYNCED, type ServiceDatabase } from '../database/synced.ts';
import { copyLevel } from '../../proof/simulation/copyLevel.ts';
import { openEvidenceLog } from './openEvidenceLog.ts';
import {
  placed,
  expectedRoot,
  failsWith,
  watched,
  ALICE,
  IDENTITY,
  keptOpen,
  openSampleLog,
  sampleEncryption,
  sampleEntries,
  sampleEntry,
  sha256,
} from './test/sampleLog.ts';

const primitives = portablePrimitives;

describe('durability of an evidence log', () => {
  it('is the same after it was opened again, on disk', async () => {
    const path = await mkdtemp(join(tmpdir(), 'medseal-log-'));
    try {
      const log = await openSampleLog(new LevelDatabase(path));
      const entries = sampleEntries(300);
      const acknowledged = await log.append(entries.slice(0, 299));
      await log.keepCheckpoint(placed(await log.root(200), 200));
      await log.close();
      const again = await openSampleLog(new LevelDatabase(path));
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
      const script = fileURLToPath(import.meta.resolve('./test/appendUntilKilled.ts'));
      const child = spawn(process.execPath, [script, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let acknowledged = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        acknowledged = Number(line);
        if (acknowledged >= 700) child.kill('SIGKILL');
      }
      const log = await openSampleLog(new LevelDatabase(path));
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
    const seen = watched(database);
    const log = await openSampleLog(haltAfterFailure(database, 'log'));
    const entries = sampleEntries(10);
    const first = await log.append(entries.slice(0, 5));
    seen.broken = true;
    const failing = entries.slice(5).map(async (entry) => await log.append([entry]));
    for (const call of failing) await assert.rejects(call, failsWith('FOLDER_UNWRITABLE'));
    seen.broken = false;
    await assert.rejects(log.append([sampleEntry(20)]), failsWith('FOLDER_UNWRITABLE'));
    await assert.rejects(
      log.keepCheckpoint(placed(await log.root(5), 5)),
      failsWith('FOLDER_UNWRITABLE'),
    );
    assert.equal(log.size, 5);
    assert.deepEqual(await log.read({ from: 0, to: 5 }), first, 'reads go on');
    assert.deepEqual(await log.append(entries.slice(0, 1)), first.slice(0, 1), 'so do repeats');
    assert.deepEqual(await log.answeredAt(entries.slice(5, 6)), [undefined]);
    await log.close();

    const again = await openSampleLog(await copyLevel(database));
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

    for (const [format, code] of [
      [1, 'FOLDER_OLDER'],
      [LOG_FORMAT - 1, 'FOLDER_OLDER'],
      [LOG_FORMAT + 1, 'FOLDER_NEWER'],
    ] as const) {
      const other = new MemoryDatabase();
      const value = utf8ToBytes(JSON.stringify({ format }));
      const view = { keyEncoding: 'view', valueEncoding: 'view' } as const;
      await other.put<Uint8Array, Uint8Array>(logRowKeys.identity, value, view);
      await assert.rejects(openSampleLog(other), (error: Error) => {
        assert.match(error.message, new RegExp(`format ${format}[;, ].* ${LOG_FORMAT}`));
        return failsWith(code)(error);
      });
    }

    const strange = new MemoryDatabase();
    await strange.put('some', 'thing');
    await assert.rejects(openSampleLog(strange), failsWith('FOLDER_FOREIGN'));
  });

  it('does not open a log that lost or changed what its last checkpoint names', async () => {
    const damages: [Uint8Array, Uint8Array][] = [
      [logRowKeys.size, u64(4)],
      [logRowKeys.entry(2), new Uint8Array(48)],
    ];
    for (const [key, value] of damages) {
      const database = keptOpen();
      const log = await openSampleLog(database);
      await log.append(sampleEntries(5));
      await log.keepCheckpoint(placed(await log.root(5), 5));
      await openSampleLog(database);
      await overwrite(database, key, value);
      await assert.rejects(openSampleLog(database), failsWith('EVIDENCE_INVALID'));
    }
  });

  it('mends a tree that does not give the root of its last checkpoint, where the entries do', async () => {
    for (const key of [logRowKeys.hash(4, 0), logRowKeys.hash(4, 1)]) {
      const database = keptOpen();
      const log = await openSampleLog(database);
      const entries = sampleEntries(60);
      await log.append(entries.slice(0, 50));
      await log.keepCheckpoint(placed(await log.root(50), 50));
      await overwrite(database, key, new Uint8Array(32));
      const again = await openSampleLog(database);
      await again.append(entries.slice(50));
      assert.equal(await again.root(60), expectedRoot(entries));
      assert.equal(await again.mendTree(), 0);
    }
  });
});

async function overwrite(
  database: ServiceDatabase,
  key: Uint8Array,
  value: Uint8Array,
): Promise<void> {
  await database.batch<Uint8Array, Uint8Array>([{ type: 'put', key, value }], BINARY_SYNCED);
}
