import assert from 'node:assert/strict';
import type { FileHandle } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { FileWriter } from './FileWriter.ts';

const MIB = 2 ** 20;

/** Resolves when all that could go on has. */
async function settled(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}

/** A file whose calls a test answers one by one, in the order in which they came. */
function heldFile(): {
  readonly file: FileHandle;
  readonly calls: string[];
  readonly answer: (error?: Error) => Promise<void>;
} {
  const calls: string[] = [];
  const waiting: ((error?: Error) => void)[] = [];
  const held = async <Value>(call: string, value: Value): Promise<Value> => {
    calls.push(call);
    return await new Promise((resolve, reject) => {
      waiting.push((error) => (error ? reject(error) : resolve(value)));
    });
  };
  const file = {
    write: async (bytes: Uint8Array, from: number) =>
      await held('write', { bytesWritten: bytes.length - from }),
    datasync: async () => await held('datasync', undefined),
    sync: async () => await held('sync', undefined),
    close: async () => await held('close', undefined),
  } as unknown as FileHandle;
  const answer = async (error?: Error): Promise<void> => {
    waiting.shift()?.(error);
    await settled();
  };
  return { file, calls, answer };
}

describe('a writer of files', () => {
  it('returns while the piece is written, and waits for it before the next', async () => {
    const { file, calls, answer } = heldFile();
    const writer = new FileWriter(file, { lasting: true });
    await writer.write(new Uint8Array(10));
    assert.deepEqual(calls, ['write']);
    let second = false;
    const writing = writer.write(new Uint8Array(10)).then(() => (second = true));
    await answer(undefined);
    await writing;
    assert.ok(second);
    assert.deepEqual(calls, ['write', 'write']);
  });

  it('syncs only after the last piece, and is done only then', async () => {
    const { file, calls, answer } = heldFile();
    const writer = new FileWriter(file, { lasting: true });
    await writer.write(new Uint8Array(10));
    let done = false;
    const syncing = writer.sync().then(() => (done = true));
    assert.deepEqual(calls, ['write']);
    await answer();
    assert.deepEqual(calls, ['write', 'sync']);
    assert.equal(done, false);
    await answer();
    await syncing;
    assert.ok(done);
  });

  it('sets the disk to work as a file grows that is to last, and none that is not', async () => {
    for (const [lasting, expected] of [
      [true, ['write', 'datasync', 'write']],
      [false, ['write', 'write']],
    ] as const) {
      const { file, calls, answer } = heldFile();
      const writer = new FileWriter(file, { lasting });
      await writer.write(new Uint8Array(16 * MIB));
      await answer();
      const next = writer.write(new Uint8Array(16 * MIB));
      await answer();
      await answer();
      await next;
      assert.deepEqual([...calls].sort(), [...expected].sort());
    }
  });

  it('tells of a piece that failed at the next call, whichever that is', async () => {
    for (const call of ['write', 'end', 'sync'] as const) {
      const { file, answer } = heldFile();
      const writer = new FileWriter(file, { lasting: true });
      await writer.write(new Uint8Array(10));
      await answer(new Error('no space'));
      const next = call === 'write' ? writer.write(new Uint8Array(1)) : writer[call]();
      await assert.rejects(next, /no space/);
    }
  });

  it('tells of a disk that failed in between, though the system says it once', async () => {
    const { file, calls, answer } = heldFile();
    const writer = new FileWriter(file, { lasting: true });
    await writer.write(new Uint8Array(16 * MIB));
    assert.deepEqual([...calls].sort(), ['datasync', 'write']);
    for (const call of calls.slice())
      await answer(call === 'datasync' ? new Error('bad disk') : undefined);
    await assert.rejects(writer.sync(), /bad disk/);
    assert.ok(!calls.includes('sync'));
  });

  it('closes only when nothing is under way, whatever failed', async () => {
    const { file, calls, answer } = heldFile();
    const writer = new FileWriter(file, { lasting: true });
    await writer.write(new Uint8Array(10));
    const closing = writer.close();
    assert.deepEqual(calls, ['write']);
    await answer(new Error('no space'));
    assert.deepEqual(calls, ['write', 'close']);
    await answer();
    await closing;
  });
});
