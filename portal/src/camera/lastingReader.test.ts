import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CodeCall } from './CodeCall.ts';
import { lastingReader } from './lastingReader.ts';
import type { CodeReader } from './startCodeReader.ts';

const CALL = { picture: {} as ImageBitmap, time: 1 } satisfies CodeCall;

/** A start that gives these readers, one after the other, and keeps the signals that end them. */
function starting(...readers: readonly (CodeReader | Error)[]): {
  readonly signals: AbortSignal[];
  readonly start: (signal: AbortSignal) => Promise<CodeReader>;
} {
  const signals: AbortSignal[] = [];
  return {
    signals,
    start: async (signal) => {
      const reader = readers[signals.push(signal) - 1];
      return await (reader instanceof Error || reader === undefined
        ? Promise.reject(reader ?? new Error('no more'))
        : Promise.resolve(reader));
    },
  };
}

const good: CodeReader = async () => await Promise.resolve('text');
const crashed: CodeReader = async () => await Promise.reject(new Error('crashed'));

describe('a reader that lasts', () => {
  it('is started once for all pictures', async () => {
    const { signals, start } = starting(good);
    const read = lastingReader(new AbortController().signal, start);
    assert.deepEqual([await read(CALL), await read(CALL), signals.length], ['text', 'text', 1]);
  });

  it('is another one after it crashed or did not start, and the former one is ended', async () => {
    const { signals, start } = starting(crashed, new Error('not started'), good);
    const read = lastingReader(new AbortController().signal, start);
    await assert.rejects(read(CALL), /crashed/);
    await assert.rejects(read(CALL), /not started/);
    assert.equal(await read(CALL), 'text');
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, true, false],
    );
  });

  it('ends with its signal, and starts no more', async () => {
    const closing = new AbortController();
    const { signals, start } = starting(good, good);
    const read = lastingReader(closing.signal, start);
    closing.abort();
    await assert.rejects(read(CALL), { name: 'AbortError' });
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true],
    );
  });
});
