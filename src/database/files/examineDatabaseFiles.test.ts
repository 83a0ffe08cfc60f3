import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LevelDatabase } from '../LevelDatabase.ts';
import { examineDatabaseFiles, isReadable } from './examineDatabaseFiles.ts';
import { linkDatabase } from './linkDatabase.ts';
import { maskedCrc32c } from './crc32c.ts';
import { unpackSnappy } from './unpackSnappy.ts';
import { someOf } from '../../protocol/test/share.ts';

describe('the files of a database', () => {
  let root: string;
  /** Two tables, one of them of rows that compress, and a log that spans blocks. */
  let folder: string;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'medseal-level-'));
    folder = join(root, 'whole');
    const level = new LevelDatabase<string, Uint8Array>(folder, { valueEncoding: 'view' });
    await level.open();
    for (let i = 0; i < 300; i++) {
      const value = i % 2 === 0 ? Buffer.alloc(700, 'abcd') : randomBytes(700);
      await level.put(`row ${i}`, value);
    }
    await level.compactRange('a', 'z');
    await level.put('log', randomBytes(90_000));
    await level.put('more', randomBytes(50));
    await level.close();
  });
  after(async () => await rm(root, { recursive: true }));

  it('are found to be whole as LevelDB writes them, and in an empty folder', async () => {
    assert.deepEqual(await examineDatabaseFiles(folder), []);
    const empty = join(root, 'empty');
    await cp(folder, empty, {
      recursive: true,
      filter: (path) => !/\.(ldb|log)$|MANIFEST|CURRENT/.test(path),
    });
    assert.deepEqual(await examineDatabaseFiles(empty), []);
  });

  it('name a hundred faults at most of a manifest that goes on with nothing but zeros', async () => {
    const damaged = join(root, 'zeros');
    await cp(folder, damaged, { recursive: true });
    const [manifest = ''] = (await readdir(damaged)).filter((name) => name.startsWith('MANIFEST'));
    await truncate(join(damaged, manifest), 8 * 2 ** 20);
    const faults = await examineDatabaseFiles(damaged);
    assert.equal(faults.length, 100);
    for (const { file } of faults) assert.equal(file, manifest);
  });

  it('tell of every byte that is changed, whichever it is', async () => {
    const names = (await readdir(folder)).filter((name) =>
      /\.(ldb|log)$|MANIFEST|CURRENT/.test(name),
    );
    assert.ok(names.length >= 4, names.join());
    for (const name of names) {
      const path = join(folder, name);
      const bytes = await readFile(path);
      const step = Math.max(1, Math.floor(bytes.length / 150));
      const places = [...Array(bytes.length).keys()].filter((at) => at % step === 0);
      // A table's footer has no checksum: each of its bits is tried.
      const bits = name.endsWith('.ldb') ? [...Array(8).keys()] : [3];
      const footer = [...Array(60).keys()].flatMap((before) =>
        bits.map((bit) => [bytes.length - 1 - before, bit] as const),
      );
      for (const [at, bit] of someOf(
        [...places.map((at) => [at, at % 8] as const), ...footer],
        5,
      )) {
        if (at < 0) continue;
        await writeFile(path, bytes.with(at, (bytes[at] ?? 0) ^ (1 << bit)));
        assert.notDeepEqual(
          await examineDatabaseFiles(folder),
          [],
          `${name} byte ${at} bit ${bit}`,
        );
      }
      await writeFile(path, bytes);
    }
    assert.deepEqual(await examineDatabaseFiles(folder), []);
  });

  it('are not shown to LevelDB where a log holds what LevelDB never writes, under checksums that fit', async () => {
    assert.equal(await isReadable(folder), true);
    const strange = join(root, 'strange');
    await cp(folder, strange, { recursive: true });
    const names = await readdir(strange);
    const [log = '', manifest = ''] = [/\.log$/, /^MANIFEST/].map((name) =>
      names.find((each) => name.test(each)),
    );
    await cp(join(strange, manifest), join(strange, log));
    const [fault] = await examineDatabaseFiles(strange);
    assert.match(fault?.what ?? '', /byte 0 is not a change of the database/);
    assert.equal(await isReadable(strange), false);
  });

  it('are not shown to LevelDB where a log holds a change twice', async () => {
    const twice = join(root, 'twice');
    const level = new LevelDatabase(twice);
    await level.open();
    await level.put('row', 'value');
    await level.close();
    assert.equal(await isReadable(twice), true);
    const log = (await readdir(twice)).find((name) => name.endsWith('.log')) ?? '';
    const bytes = await readFile(join(twice, log));
    await writeFile(join(twice, log), Buffer.concat([bytes, bytes]));
    const [fault] = await examineDatabaseFiles(twice);
    assert.match(
      fault?.what ?? '',
      new RegExp(`byte ${bytes.length} is not a change of the database`),
    );
    assert.equal(await isReadable(twice), false);
  });

  it('are not read where one is a link, for that may have no end', async () => {
    for (const wanted of [/^CURRENT$/, /^MANIFEST-/, /\.log$/, /\.ldb$/]) {
      const linked = join(root, 'linked');
      await cp(folder, linked, { recursive: true });
      const name = (await readdir(linked)).find((each) => wanted.test(each)) ?? '';
      await rm(join(linked, name));
      await symlink('/dev/zero', join(linked, name));
      const expected = [{ file: name, what: 'it is not a file', unfinished: false }];
      assert.deepEqual(await examineDatabaseFiles(linked), expected);
      assert.equal(await isReadable(linked), false);
      await assert.rejects(linkDatabase(linked, join(root, 'link')), /is not all files/);
      await rm(linked, { recursive: true });
    }
  });

  it('tell of a file that is lost or cut off, and of the end of a write apart', async () => {
    const copy = join(root, 'copy');
    for (const name of (await readdir(folder)).filter((each) =>
      /\.(ldb|log)$|MANIFEST/.test(each),
    )) {
      await cp(folder, copy, { recursive: true });
      const path = join(copy, name);
      const bytes = await readFile(path);
      await writeFile(path, bytes.subarray(0, bytes.length - 5));
      const faults = await examineDatabaseFiles(copy);
      const [first, ...others] = faults;
      assert.deepEqual([first?.file, first?.unfinished], [name, !name.endsWith('ldb')]);
      // A manifest that ends early leads to a log that has gone since.
      const gone = name.startsWith('MANIFEST') ? /\.log$/ : name;
      for (const { file, unfinished } of others) {
        assert.ok(typeof gone === 'string' ? file === gone : gone.test(file), file);
        assert.equal(unfinished, false);
      }
      await rm(path);
      if (!name.endsWith('.log')) assert.ok((await examineDatabaseFiles(copy)).length > 0, name);
      await rm(copy, { recursive: true });
    }
  });
});

describe('LevelDB’s checksum and compression', () => {
  it('are CRC-32C, masked', () => {
    const numbers = Uint8Array.from({ length: 32 }, (_, i) => i);
    // RFC 3720 B.4: 32 bytes of incrementing values.
    const crc = 0x46dd794e;
    assert.equal(maskedCrc32c(numbers), (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  });

  it('unpack what was packed, and nothing that is damaged', () => {
    // "Wikipedia is a free" in literals, then a copy of four bytes from six before.
    const packed = Uint8Array.of(10, 5 << 2, ...Buffer.from('abcdef'), 1 | (0 << 2), 6);
    assert.equal(Buffer.from(unpackSnappy(packed)).toString(), 'abcdefabcd');
    for (const bad of [[], [10], [10, 20, 97], [1, 1, 0], [4, 0, 97, 1, 9], [200, 0, 97]]) {
      assert.throws(() => unpackSnappy(Uint8Array.from(bad)), RangeError);
    }
  });
});
