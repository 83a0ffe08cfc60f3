import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../errors/MedsealError.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { loopback } from './loopback.ts';

class Service {
  readonly seen: unknown[] = [];
  readonly secret = 'a field';
  #calls = 0;

  async note(...values: readonly unknown[]): Promise<readonly unknown[]> {
    this.#calls += 1;
    this.seen.push(...values);
    return await Promise.resolve(values);
  }

  async give(value: unknown): Promise<unknown> {
    return await Promise.resolve(this.#calls >= 0 ? answers.get(value) : undefined);
  }

  async fail(error: unknown): Promise<never> {
    return await Promise.reject(errors.get(error));
  }

  refuse(): AsyncIterable<Uint8Array> {
    throw new MedsealError('RELEASE_UNKNOWN', {});
  }

  async *stream(parts: number): AsyncGenerator<Uint8Array> {
    try {
      for (let part = 0; part < parts; part++) {
        buffer.fill(part);
        yield await Promise.resolve(buffer);
      }
      if (parts === 3) throw new MedsealError('FILE_MISMATCH', {});
      if (parts === 4) throw new Error('path /secret/file');
    } finally {
      this.seen.push('ended');
    }
  }
}

const STREAMS = { refuse: true, stream: true } as const;
const buffer = new Uint8Array(4);
const cycle: Record<string, unknown> = {};
cycle['self'] = cycle;
const answers = new Map<unknown, unknown>([
  ['bigint', 1n],
  ['cycle', cycle],
  ['function', () => 1],
  ['undefined', undefined],
]);
const errors = new Map<unknown, unknown>([
  ['medseal', new MedsealError('EPOCH_STALE', { epoch: 7 }, { cause: new Error('secret') })],
  ['other', new TypeError('password is 1234')],
  ['text', 'password is 1234'],
  ['nothing', undefined],
]);

describe('the transport within a process', () => {
  it('gives the other end what JSON can carry of a value, and shares nothing', async () => {
    const service = new Service();
    const inner = { list: [1, { deep: true }], gone: undefined, none: null };
    const [back] = await loopback(service, STREAMS).note(inner);
    assert.deepEqual(service.seen, [{ list: [1, { deep: true }], none: null }]);
    assert.notEqual(service.seen[0], inner);
    inner.list.push(2);
    (back as typeof inner).list.push(3);
    assert.deepEqual(service.seen, [{ list: [1, { deep: true }], none: null }]);
  });

  it('leaves behind what a network would: classes, dates, bytes that are not stream', async () => {
    const service = new Service();
    await loopback(service, STREAMS).note(
      new Map([[1, 2]]),
      new Date(0),
      Uint8Array.of(7),
      NaN,
      undefined,
    );
    assert.deepEqual(service.seen, [{}, '1970-01-01T00:00:00.000Z', { 0: 7 }, null, undefined]);
  });

  it('refuses what cannot be sent, either way, as an error that can', async () => {
    const port = loopback(new Service(), STREAMS);
    for (const wrong of [1n, cycle]) {
      await assert.rejects(async () => await port.note(wrong), failsWith('INTERNAL'));
    }
    for (const answer of ['bigint', 'cycle']) {
      await assert.rejects(port.give(answer), failsWith('INTERNAL'));
    }
    await assert.rejects(port.give('function'), failsWith('INTERNAL'));
    assert.equal(await port.give('undefined'), undefined);
  });

  it('carries an error by its code and values, without its cause, and tells nothing of others', async () => {
    const port = loopback(new Service(), STREAMS);
    await assert.rejects(port.fail('medseal'), (error: MedsealError) => {
      failsWith('EPOCH_STALE', { epoch: 7 })(error);
      assert.notEqual(error, errors.get('medseal'));
      assert.equal(error.cause, undefined);
      return true;
    });
    for (const which of ['other', 'text', 'nothing']) {
      await assert.rejects(port.fail(which), (error: MedsealError) => {
        assert.ok(!JSON.stringify(error.toProblem()).includes('1234'));
        assert.equal(error.cause, undefined);
        return failsWith('INTERNAL')(error);
      });
    }
    assert.throws(() => port.refuse(), failsWith('RELEASE_UNKNOWN'));
  });

  it('copies every piece of a stream', async () => {
    const pieces: Uint8Array[] = [];
    for await (const piece of loopback(new Service(), STREAMS).stream(2)) pieces.push(piece);
    assert.deepEqual(pieces, [new Uint8Array(4), new Uint8Array(4).fill(1)]);
  });

  it('copies every piece of a stream that goes in', async () => {
    const pieces: Uint8Array[] = [];
    const sink = {
      async take(stream: AsyncIterable<Uint8Array>): Promise<void> {
        for await (const piece of stream) pieces.push(piece);
      },
    };
    await loopback(sink, {}).take(new Service().stream(2));
    assert.deepEqual(pieces, [new Uint8Array(4), new Uint8Array(4).fill(1)]);
  });

  it('carries the error of a stream, and ends its source when nobody reads on', async () => {
    const service = new Service();
    const read = async (parts: number, most = 9): Promise<void> => {
      let count = 0;
      for await (const _ of loopback(service, STREAMS).stream(parts)) if (++count === most) return;
    };
    await assert.rejects(read(3), failsWith('FILE_MISMATCH'));
    await assert.rejects(read(4), (error: MedsealError) => {
      assert.ok(!error.message.includes('secret'));
      return failsWith('INTERNAL')(error);
    });
    service.seen.length = 0;
    await read(9, 1);
    assert.deepEqual(service.seen, ['ended']);
  });

  it('shows methods alone, so that a port can be awaited and no field leaks', async () => {
    const port = loopback(new Service(), STREAMS);
    assert.equal(port.secret, undefined);
    assert.equal((port as { then?: unknown }).then, undefined);
    assert.equal(await Promise.resolve(port), port);
  });
});
