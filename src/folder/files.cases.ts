import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Files } from './Files.ts';
import { failsWith, gather, inParts, sampleBytes } from '../vault/vault.cases.ts';

/** Paths whose text leads out of a folder, or is not a name in it. */
const OUTSIDE = [
  '.',
  '..',
  '../other/secret',
  '/etc/passwd',
  'a/../../other',
  'a/./b',
  'a//b',
  'a/',
  'a/..',
  'a\n',
  'a\0b',
  'a b',
  '..\\other',
  'C:\\x',
  '%2e%2e/x',
];

/** Every operation on a path. */
export function operationsOn(files: Files, path: string): (() => Promise<unknown>)[] {
  return [
    async () => {
      await files.makeFolder(path);
    },
    async () => {
      await files.write(path, inParts(sampleBytes(3)));
    },
    async () => {
      await files.rename(path, 'name');
    },
    async () => {
      await files.rename('inside', path);
    },
    async () => {
      await files.syncFolder(path);
    },
    async () => await gather(files.read(path)),
    async () => await files.size(path),
    async () => {
      await files.remove(path);
    },
    async () => await files.list(path),
  ];
}

/**
 * Runs every case that `Files` have to pass, whatever they are made of.
 *
 * @param name - Name of the files under test.
 * @param start - Makes an empty folder.
 */
export function filesCases(name: string, start: () => Promise<Files>): void {
  describe(`files: ${name}`, () => {
    it('refuse every path whose text leads out of the folder', async () => {
      const files = await start();
      for (const path of OUTSIDE) {
        for (const operation of operationsOn(files, path)) {
          await assert.rejects(operation, failsWith('FOLDER_OUTSIDE'), JSON.stringify(path));
        }
      }
      assert.deepEqual(await files.list(''), []);
    });

    it('write, find, rename, list and remove', async () => {
      const files = await start();
      const bytes = sampleBytes(700_000);
      await files.makeFolder('one/two');
      await files.makeFolder('one/two');
      await files.write('one/two/a', inParts(bytes));
      assert.deepEqual(await files.list('one/two'), ['a']);
      await files.rename('one/two/a', 'one/b');
      await files.syncFolder('one');
      await files.syncFolder('');
      assert.equal(await files.size('one/b'), bytes.length);
      assert.equal(Buffer.compare(await gather(files.read('one/b')), bytes), 0);
      assert.deepEqual((await files.list('one')).toSorted(), ['b', 'two']);
      assert.deepEqual(await files.list(''), ['one']);
      assert.deepEqual(await files.list('one/two'), []);
      await files.remove('one/b');
      await files.remove('one/b');
      assert.deepEqual(await files.list('one'), ['two']);
    });

    it('read with memory that is used again, each piece unchanged until the one after the next', async () => {
      const files = await start();
      const bytes = sampleBytes(6_000_000);
      await files.write('long', inParts(bytes));
      const buffers = new Set<ArrayBufferLike>();
      let [at, count] = [0, 0];
      let before: Uint8Array = new Uint8Array();
      for await (const piece of files.read('long', { reuse: true })) {
        assert.equal(Buffer.compare(before, bytes.subarray(at - before.length, at)), 0);
        assert.equal(Buffer.compare(piece, bytes.subarray(at, at + piece.length)), 0);
        buffers.add(piece.buffer);
        at += piece.length;
        count += 1;
        before = piece;
      }
      assert.equal(at, bytes.length);
      assert.ok(buffers.size < count, `${buffers.size} buffers for ${count} pieces`);
      assert.equal(Buffer.compare(await gather(files.read('long')), bytes), 0);
    });

    it('read from a byte on', async () => {
      const files = await start();
      const bytes = sampleBytes(200_000);
      await files.write('long', inParts(bytes));
      const rest = await gather(files.read('long', { from: 150_000 }));
      assert.equal(Buffer.compare(rest, bytes.subarray(150_000)), 0);
      assert.equal((await gather(files.read('long', { from: 200_001 }))).length, 0);
    });

    it('replace the file whose name another gets', async () => {
      const files = await start();
      await files.write('old', inParts(sampleBytes(3)));
      await files.write('new', inParts(sampleBytes(5)));
      await files.rename('new', 'old');
      assert.deepEqual(await files.list(''), ['old']);
      assert.equal(await files.size('old'), 5);
    });

    it('make no file over another', async () => {
      const files = await start();
      await files.write('taken', inParts(sampleBytes(3)));
      const again = files.write('taken', inParts(sampleBytes(4)));
      await assert.rejects(again, failsWith('FOLDER_UNWRITABLE'));
      assert.equal(await files.size('taken'), 3);
    });

    it('say what is not there', async () => {
      const files = await start();
      await files.makeFolder('folder');
      for (const path of ['none', 'none/x', 'folder']) {
        assert.equal(await files.size(path), undefined);
      }
      assert.deepEqual(await files.list('none'), []);
      await assert.rejects(gather(files.read('none')), failsWith('FILE_ABSENT'));
      await assert.rejects(files.rename('none', 'some'), failsWith('FOLDER_UNWRITABLE'));
      const lost = files.write('none/x', inParts(sampleBytes(3)));
      await assert.rejects(lost, failsWith('FOLDER_UNWRITABLE'));
    });

    it('pass an error of the source on, and keep what had arrived', async () => {
      const files = await start();
      const torn = new Error('the connection broke');
      async function* breaking(): AsyncIterable<Uint8Array> {
        yield sampleBytes(10);
        throw torn;
      }
      await assert.rejects(files.write('part', breaking()), torn);
      assert.equal(await files.size('part'), 10);
    });
  });
}
