import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../errors/MedsealError.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { refuseWhile } from './refuseWhile.ts';

/** A store that says what it took. */
class Store {
  readonly taken: unknown[] = [];

  async put(name: string, content: AsyncIterable<string>): Promise<void> {
    const pieces: string[] = [];
    for await (const piece of content) pieces.push(piece);
    this.taken.push(`${name}: ${pieces.join('')}`);
  }

  async get(name: string): Promise<boolean> {
    return await Promise.resolve(this.taken.includes(name));
  }
}

async function* pieces(between: () => void): AsyncGenerator<string> {
  yield await Promise.resolve('a');
  between();
  yield 'b';
}

function nothing(): void {
  return undefined;
}

describe('a service on a disk that is full', () => {
  let reason: MedsealError | undefined;
  const store = new Store();
  const guarded = refuseWhile(store, () => reason, {
    streams: {},
    refuses: (name) => name === 'put',
    midway: true,
  });

  it('begins nothing new, answers what takes no room, and goes on once there is some', async () => {
    reason = new MedsealError('STORAGE_FULL', {});
    await assert.rejects(guarded.put('one', pieces(nothing)), failsWith('STORAGE_FULL'));
    assert.equal(await guarded.get('one'), false);
    reason = undefined;
    await guarded.put('two', pieces(nothing));
    assert.deepEqual(guarded.taken, ['two: ab']);
  });

  it('ends what streams in when the room goes meanwhile', async () => {
    const fill = (): void => {
      reason = new MedsealError('STORAGE_FULL', {});
    };
    await assert.rejects(guarded.put('three', pieces(fill)), failsWith('STORAGE_FULL'));
    reason = undefined;
    assert.deepEqual(store.taken, ['two: ab']);
  });
});
