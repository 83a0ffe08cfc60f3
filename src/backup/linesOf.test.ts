import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { failsWith } from '../protocol/test/failsWith.ts';
import { machinePorts } from '../folder/NodePorts.ts';
import { linesOf } from './linesOf.ts';
import { openBackup } from './openBackup.ts';
import { restoreBackup } from './restoreBackup.ts';

/** A folder that goes with the test. */
async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-lines-'));
  t.after(async () => await rm(folder, { recursive: true, force: true }));
  return folder;
}

async function allOf(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

describe('the lines of a manifest', () => {
  it('come one after the other, wherever the pieces of the file end', async (t) => {
    const path = join(await folderOf(t), 'lines');
    for (const lines of [
      [],
      ['a'],
      ['', 'b', ''],
      Array.from({ length: 9000 }, (_, i) => 'ü'.repeat(i % 99)),
    ]) {
      await writeFile(path, lines.map((line) => `${line}\n`).join(''));
      assert.deepEqual(await allOf(linesOf(path)), lines);
    }
    await writeFile(path, 'a\nwithout an end');
    assert.deepEqual(await allOf(linesOf(path)), ['a', 'without an end']);
  });

  it('are an error where one has no end', async (t) => {
    const path = join(await folderOf(t), 'long');
    await writeFile(path, Buffer.alloc(17 * 2 ** 20, 'x'));
    await assert.rejects(allOf(linesOf(path)), RangeError);
  });
});

it('an archive without a manifest, or with a manifest of one endless line, is a damaged backup', async (t) => {
  const folder = await folderOf(t);
  const path = join(folder, 'backup.tar');
  await writeFile(path, new Uint8Array(1024));
  const ports = await machinePorts();
  const source = await openBackup(path);
  const options = {
    source,
    from: path,
    data: join(folder, 'data'),
    ports,
    progress: () => undefined,
  };
  await assert.rejects(restoreBackup(options), failsWith('BACKUP_DAMAGED'));

  await writeFile(join(folder, 'manifest.jsonl'), Buffer.alloc(17 * 2 ** 20, 'x'));
  const endless = { ...options, source: await openBackup(folder), data: join(folder, 'other') };
  await assert.rejects(restoreBackup(endless), failsWith('BACKUP_DAMAGED'));
});
