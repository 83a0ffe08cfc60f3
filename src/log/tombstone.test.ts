import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErasedEntry, NewEntry } from './EvidenceLog.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { ALICE, BOB, openSampleLog, sampleEntries, sampleEntry, sha256 } from './test/sampleLog.ts';
import { decodeTombstone, encodeTombstone, isErased, type Tombstone } from './tombstone.ts';

const VERSION = { record: sha256('record'), version: 3, file: sha256('file') };
const RANGE = { from: 2, to: 3 };

/** An accepted write of a record's version. */
function write(): NewEntry {
  const message = { handle: BOB, ...VERSION };
  const request = { type: 'Write', message };
  const body = JSON.stringify({ format: 'medseal-body/1', at: 1_700_000_000, flag: 'A', request });
  return { ...sampleEntry(2, BOB), entry: sha256(body), body, version: VERSION };
}

/** The write among others, erased, as it is copied. */
async function erased(): Promise<ErasedEntry> {
  const log = await openSampleLog();
  await log.append([...sampleEntries(2), write()]);
  await log.erase(2);
  const [copy] = await log.copies(RANGE);
  assert.ok(copy !== undefined && copy.body === undefined);
  assert.deepEqual(await log.concerning(BOB), [2], 'where it was it is still found');
  assert.deepEqual(await log.unknown(), []);
  return copy;
}

describe('an erased body', () => {
  it('leaves whom it concerned, and the version that it was; a copy finds it by that', async () => {
    const copied = await erased();
    assert.deepEqual(copied.tombstone, { handle: BOB, version: VERSION });
    const copy = await openSampleLog();
    await copy.copy(0, [...sampleEntries(2), copied]);
    assert.deepEqual(await copy.concerning(BOB), [2]);
    assert.deepEqual(await copy.unknown(), []);
    const { record, version, file } = VERSION;
    assert.deepEqual(await copy.versions(BOB), [{ record, version, index: 2 }]);
    assert.deepEqual(await copy.filesAt([file]), [2]);
    assert.deepEqual(await copy.copies(RANGE), [copied]);
    await copy.erase(2);
    assert.deepEqual(await copy.copies(RANGE), [copied], 'it stays when it is erased again');
  });

  it('is left out where entries are read at their places', async () => {
    const log = await openSampleLog();
    await log.append([...sampleEntries(2), write()]);
    const all = await log.read({ from: 0, to: 3 });
    assert.deepEqual(await log.readAt([2, 0, 1, 0]), [all[2], all[0], all[1], all[0]]);
    assert.deepEqual(await log.readAt([]), []);
    await log.erase(2);
    assert.deepEqual(await log.readAt([2, 1]), [undefined, all[1]]);
    for (const place of [3, -1, 0.5]) {
      await assert.rejects(log.readAt([0, place]), failsWith('NOT_FOUND'));
    }
  });

  it('is not named among the entries that stand at places, nor is what stands nowhere', async () => {
    const log = await openSampleLog();
    await log.append([...sampleEntries(2), write()]);
    const [first, second, third] = (await log.read({ from: 0, to: 3 })).map(({ entry }) => entry);
    assert.deepEqual(await log.entriesAt([2, 0, 1, 0]), [third, first, second, first]);
    await log.erase(2);
    const odd = [3, -1, 0.5, Number.NaN, '0' as unknown as number];
    assert.deepEqual(await log.entriesAt([2, ...odd, 1]), [...Array(6), second]);
    assert.deepEqual(await log.entriesAt([]), []);
  });

  it('is among the unknown where nothing is known of it, until something is', async () => {
    const { tombstone, ...bare } = await erased();
    for (const known of [{ ...bare, ...(tombstone && { tombstone }) }, write()]) {
      const copy = await openSampleLog();
      await copy.copy(0, [...sampleEntries(2), bare]);
      assert.deepEqual(await copy.unknown(), [2]);
      assert.deepEqual(await copy.concerning(BOB), []);
      assert.deepEqual(await copy.concerning(ALICE), [0, 1]);
      await copy.restore(2, known);
      assert.deepEqual(await copy.unknown(), []);
      assert.deepEqual(await copy.concerning(BOB), [2]);
      await copy.restore(2, bare);
      assert.deepEqual(await copy.unknown(), [2]);
    }
  });

  it('is sound with a tombstone, and without', async () => {
    const { tombstone: _, ...bare } = await erased();
    const copy = await openSampleLog();
    await copy.copy(0, [...sampleEntries(2), await erased(), { ...bare, index: 3 }]);
    const found = await copy.examine({ from: 0, to: 4 });
    assert.ok(found.every(({ sound }) => sound));
  });

  it('is told from one that is there by its row alone', () => {
    for (const tombstone of [{ handle: ALICE }, { handle: BOB, version: VERSION }]) {
      const row = encodeTombstone(tombstone);
      assert.ok(isErased(row));
      assert.deepEqual(decodeTombstone(row), tombstone);
    }
    assert.ok(isErased(new Uint8Array(0)));
    for (const length of [0, 31, 33, 72, 103, 105, 500]) {
      assert.equal(decodeTombstone(new Uint8Array(length)), undefined);
      assert.equal(isErased(new Uint8Array(length)), length === 0);
    }
  });

  it('is taken with no malformed tombstone', async () => {
    const copied = await erased();
    const copy = await openSampleLog();
    for (const tombstone of [
      { handle: '0x12' },
      { handle: BOB, version: { ...VERSION, record: '0x' } },
      { handle: BOB, version: { ...VERSION, file: '0x' } },
      { handle: BOB, version: { ...VERSION, version: -1 } },
    ] as Tombstone[]) {
      const entries = [...sampleEntries(2), { ...copied, tombstone }];
      await assert.rejects(copy.copy(0, entries), { code: 'REQUEST_MALFORMED' });
    }
    assert.equal(copy.size, 0);
  });
});
