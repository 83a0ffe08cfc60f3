import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { memorySpool, type Spool } from '../client/party/Spool.ts';
import { collectBytes } from '../crypto/sealing/collectBytes.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { openFolderSpool } from './openFolderSpool.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medseal-spool-'));
});
after(async () => await rm(folder, { recursive: true }));

async function* pieces(count: number, fails = false): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index++) yield new Uint8Array(100_000).fill(index);
  await Promise.resolve();
  if (fails) throw new Error('the stream broke');
}

/** The same in two buffers in turn, so that a piece changes when the one after the next is asked for. */
async function* inTurn(count: number): AsyncGenerator<Uint8Array> {
  const buffers = [new Uint8Array(100_000), new Uint8Array(100_000)] as const;
  let turn = 0;
  for await (const piece of pieces(count)) {
    const buffer = buffers[turn === 0 ? 0 : 1];
    turn = 1 - turn;
    buffer.set(piece);
    yield buffer;
  }
}

const spools: [string, () => Spool][] = [
  ['in memory', () => memorySpool],
  ['in a folder', () => openFolderSpool(`${folder}/spool`)],
];

for (const [where, spool] of spools) {
  describe(`a spool ${where}`, () => {
    it('passes the error of a stream on', async () => {
      await assert.rejects(spool().fill(pieces(3, true)), /the stream broke/);
    });

    it('gives what it took, as often as it is asked for', async () => {
      const spooled = await spool().fill(pieces(25));
      const expected = await collectBytes(pieces(25));
      assert.deepEqual(await collectBytes(spooled.read()), expected);
      assert.deepEqual(await collectBytes(spooled.read()), expected);
      await spooled.discard();
      await spooled.discard();
    });

    it('gives all of it to others, though a reader stopped at its beginning', async () => {
      const spooled = await spool().fill(pieces(25));
      const expected = await collectBytes(pieces(25));
      const other = spooled.read()[Symbol.asyncIterator]();
      await other.next();
      for (let count = 0; count < 3; count++) {
        for await (const piece of spooled.read()) {
          assert.ok(piece.length > 0);
          break;
        }
        assert.deepEqual(await collectBytes(spooled.read()), expected);
      }
      await other.return?.(undefined);
      assert.deepEqual(await collectBytes(spooled.read()), expected);
      await spooled.discard();
    });

    it('takes pieces whose memory is used again', async () => {
      const spooled = await spool().fill(inTurn(25));
      const [given, expected] = [spooled.read(), pieces(25)];
      assert.equal(Buffer.compare(await collectBytes(given), await collectBytes(expected)), 0);
      await spooled.discard();
    });

    it('takes nothing at all, and gives it again', async () => {
      const spooled = await spool().fill(pieces(0));
      assert.equal((await collectBytes(spooled.read())).length, 0);
      await spooled.discard();
    });
  });
}

describe('a spool in a folder', () => {
  it('leaves no name in the folder, whatever becomes of the process', async () => {
    const spooled = await openFolderSpool(`${folder}/names`).fill(pieces(3));
    assert.deepEqual(await readdir(`${folder}/names`), []);
    await spooled.discard();
  });

  it('removes the name that a process left which was killed before it could, and nothing else', async () => {
    const path = `${folder}/left`;
    await mkdir(path);
    await writeFile(`${path}/0123.spooled`, '');
    await writeFile(`${path}/another`, '');
    const spool = openFolderSpool(path);
    const all = await Promise.all([
      spool.fill(pieces(3)),
      spool.fill(pieces(2)),
      spool.fill(pieces(1)),
    ]);
    assert.deepEqual(await readdir(path), ['another']);
    const sizes = await Promise.all(
      all.map(async (each) => (await collectBytes(each.read())).length),
    );
    assert.deepEqual(sizes, [300_000, 200_000, 100_000]);
    await Promise.all(all.map(async (each) => await each.discard()));
  });

  it('says where it cannot write', async () => {
    await writeFile(`${folder}/file`, '');
    const spool = openFolderSpool(`${folder}/file`);
    await assert.rejects(spool.fill(pieces(1)), failsWith('FOLDER_UNWRITABLE'));
  });
});
