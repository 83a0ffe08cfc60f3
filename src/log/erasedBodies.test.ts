import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { LevelDatabase } from '../database/LevelDatabase.ts';
import { MemoryDatabase } from '../database/test/MemoryDatabase.ts';
import { hexToBytes } from '../crypto/bytes.ts';
import { verifyInclusion } from '../crypto/merkle/verifyInclusion.ts';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import { encryptBodies } from './encryptBodies.ts';
import type { NewEntry } from './EvidenceLog.ts';
import { logRowKeys } from './keys.ts';
import { openEvidenceLog } from './openEvidenceLog.ts';
import {
  failsWith,
  leafOf,
  ALICE,
  countingRandom,
  IDENTITY,
  openSampleLog,
  sampleEntries,
  sampleEntry,
  sampleVerdict,
  sha256,
} from './test/sampleLog.ts';

const primitives = portablePrimitives;

describe('erasing a body', () => {
  it('takes the body alone: entry, proofs, verdicts and indexes stay', async () => {
    const log = await openSampleLog();
    const entries = sampleEntries(10);
    const verdicts = [sampleVerdict(entries[4]?.entry ?? '0x')];
    await log.append(entries.map((entry) => ({ ...entry, verdicts })));
    const root = await log.root(10);
    const stored = await log.stored({ from: 0, to: 10 });
    await log.erase(4);
    await log.erase(4);

    const erased = entries[4] as NewEntry;
    await assert.rejects(log.read({ from: 4, to: 5 }), failsWith('NOT_FOUND'));
    await assert.rejects(log.read({ from: 0, to: 10 }), failsWith('NOT_FOUND'));
    assert.deepEqual(await log.answeredAt([erased]), [4]);
    await assert.rejects(log.append([erased]), failsWith('NOT_FOUND'));
    assert.equal((await log.read({ from: 5, to: 10 })).length, 5);
    assert.equal((await log.read({ from: 0, to: 4 })).length, 4);
    assert.deepEqual(await log.stored({ from: 0, to: 10 }), stored);
    assert.deepEqual(stored[4], {
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
        primitives,
        storageKey: new Uint8Array(32).fill(7),
        random: (length) => {
          const secret = random(length);
          secrets.push(secret);
          return secret;
        },
      });
      const database = new LevelDatabase(path);
      const log = await openEvidenceLog({ identity: IDENTITY, database, primitives, bodies });
      for (let n = 0; n < 20; n++) await log.append(sampleEntries(10, 10 * n));
      const secret = Buffer.from(secrets[55] ?? []);
      const sealed = await database.get<Uint8Array, Uint8Array>(logRowKeys.body(55), {
        keyEncoding: 'view',
        valueEncoding: 'view',
      });
      const body = Buffer.from(sealed ?? []).subarray(32);
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
    const database = new MemoryDatabase();
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
    const database = new MemoryDatabase();
    const log = await openSampleLog(database);
    await log.append(sampleEntries(2));
    const view = { keyEncoding: 'view', valueEncoding: 'view' } as const;
    const get = async (key: Uint8Array): Promise<Uint8Array> =>
      (await database.get<Uint8Array, Uint8Array>(key, view)) ?? new Uint8Array();
    const put = async (key: Uint8Array, value: Uint8Array): Promise<void> => {
      await database.put<Uint8Array, Uint8Array>(key, value, view);
    };
    await put(logRowKeys.body(0), await get(logRowKeys.body(1)));
    await assert.rejects(log.read({ from: 0, to: 1 }), failsWith('SEAL_UNREADABLE'));
    const sealed = await get(logRowKeys.body(1));
    await put(logRowKeys.body(1), sealed.with(3, (sealed[3] ?? 0) ^ 1));
    await assert.rejects(log.read({ from: 1, to: 2 }), failsWith('SEAL_UNREADABLE'));
  });
});
