import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { intercept } from './intercept.ts';
import { interceptMethod, type AnyMethod, type Step } from './interceptMethod.ts';

const NAME = 'method';

/** A method that streams its argument, and notes when it is opened and ended. */
function streaming(noted: string[]): AnyMethod {
  return (text) => {
    noted.push(`opened ${String(text)}`);
    return (async function* () {
      try {
        for (const each of String(text)) yield await Promise.resolve(each);
      } finally {
        noted.push('ended');
      }
    })();
  };
}

async function read(stream: unknown, most = 99): Promise<string> {
  let text = '';
  for await (const part of stream as AsyncIterable<string>) {
    text += part;
    if (text.length === most) break;
  }
  return text;
}

function refusing(): never {
  throw new Error('refused');
}

/** Names the call, and calls with another value. */
const naming: Step<string> = (call, next) => `${call.name}: ${String(next([2]))}`;

/** Refuses all but two parts. */
const twoParts: Step<string> = async ({ place }, next) => (place > 1 ? refusing() : await next());

describe('a step before a method', () => {
  it('that answers with a value: what the step throws rejects the answer', async () => {
    const method = interceptMethod({ name: NAME, answers: 'value' }, () => 1, refusing);
    await assert.rejects(method() as Promise<unknown>, /refused/);
  });

  it('that answers with a stream: what the step throws is thrown at once', () => {
    const method = interceptMethod({ name: NAME, answers: 'stream' }, streaming([]), refusing);
    assert.throws(() => method('ab'), /refused/);
  });

  it('may go on with other values, and answer otherwise', async () => {
    const method = interceptMethod({ name: NAME, answers: 'value' }, (value) => value, naming);
    assert.equal(await method(1), 'method: 2');
  });

  it('runs for each part, and opens the stream with the first', async () => {
    const noted: string[] = [];
    const places: number[] = [];
    const step: Step<string> = async ({ place }, next) => {
      places.push(place);
      return await next();
    };
    const method = interceptMethod({ name: NAME, answers: 'parts' }, streaming(noted), step);
    const stream = method('abc');
    assert.deepEqual(noted, []);
    assert.equal(await read(stream), 'abc');
    assert.deepEqual(places, [0, 1, 2, 3]);
    assert.deepEqual(noted, ['opened abc', 'ended']);
  });

  it('ends the source when nobody reads on, or a part is refused', async () => {
    const noted: string[] = [];
    const method = interceptMethod({ name: NAME, answers: 'parts' }, streaming(noted), twoParts);
    assert.equal(await read(method('abc'), 1), 'a');
    await assert.rejects(read(method('abc')), /refused/);
    assert.deepEqual(noted, ['opened abc', 'ended', 'opened abc', 'ended']);
  });
});

describe('a service with a step before its methods', () => {
  const service = {
    field: 'a field',
    count: (by: number) => by + 1,
    async *text(): AsyncGenerator<string> {
      yield* await Promise.resolve('xy');
    },
  };

  it('knows which of them stream, and keeps fields unless they are hidden', async () => {
    const seen: unknown[] = [];
    const streams = { text: true } as const;
    const step: Step<keyof typeof service> = ({ name, values, answers }, next) => {
      seen.push([name, values, answers]);
      return next();
    };
    const changed = intercept(service, { streams }, step);
    assert.equal(changed.count(1), 2);
    assert.equal(await read(changed.text()), 'xy');
    assert.deepEqual(seen, [
      ['count', [1], 'value'],
      ['text', [], 'stream'],
    ]);
    assert.equal(changed.field, 'a field');
    assert.equal(intercept(service, { streams, methodsOnly: true }, step).field, undefined);
  });
});
