import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as soon } from 'node:timers/promises';
import { Hono } from 'hono';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { DeferredApp } from './DeferredApp.ts';
import { Drain } from './Drain.ts';

const here = new Hono().get('/v1/network', (c) => c.text('here'));

interface Door {
  readonly clock: TestClock;
  readonly drain: Drain;
  readonly door: DeferredApp;
  /** Asks, and says what was answered. */
  readonly ask: (signal?: AbortSignal) => Promise<string>;
}

function doorOf(most: number): Door {
  const clock = new TestClock(0);
  const drain = new Drain(clock);
  const door = new DeferredApp(drain, () => true, { clock, patience: 1000, most });
  return {
    clock,
    drain,
    door,
    ask: async (signal) => {
      const answer = await door.app.request('/v1/network', { ...(signal && { signal }) });
      return `${answer.status} ${answer.headers.get('retry-after') ?? (await answer.text())}`;
    },
  };
}

describe('a server that listens before its app is ready', () => {
  it('says when to come again, until that is there', async () => {
    const { door, ask } = doorOf(2);
    assert.equal(await ask(), '503 1');
    door.close();
    assert.equal(await ask(), '503 1', 'it was never open');
    door.open(here);
    assert.equal(await ask(), '200 here');
  });
});

// @attack a writer stands still, another takes over, and the first one wakes | it says nothing that it knew before
describe('a server whose process may not answer any more', () => {
  it('says when to come again, also if its app made an answer meanwhile, which is dropped', async () => {
    let mayAnswer = true;
    let cancelled = 0;
    const asked: string[] = [];
    const door = new DeferredApp(new Drain(new TestClock(0)), () => mayAnswer);
    const body = (): ReadableStream => new ReadableStream({ cancel: () => void (cancelled += 1) });
    const inner = new Hono().get('/:name', (c) => {
      asked.push(c.req.param('name'));
      if (c.req.param('name') === 'late') mayAnswer = false;
      return c.body(body());
    });
    door.open(inner);
    assert.equal((await door.app.request('/early')).status, 200);
    for (const path of ['/late', '/later']) {
      const { status, headers } = await door.app.request(path);
      assert.deepEqual([status, headers.get('retry-after')], [503, '1']);
    }
    assert.deepEqual([asked, cancelled], [['early', 'late'], 1]);
    mayAnswer = true;
    assert.equal((await door.app.request('/again')).status, 200);
  });
});

describe('a server whose app changes', () => {
  it('lets callers wait for the next one, and does not count them as under way', async () => {
    const { door, drain, ask } = doorOf(2);
    door.open(here);
    door.close();
    const answers = Promise.all([ask(), ask()]);
    assert.equal(drain.running, 0);
    door.open(new Hono().get('/v1/network', (c) => c.text('next')));
    assert.deepEqual(await answers, ['200 next', '200 next']);
    door.close();
    door.close();
    const later = ask();
    door.open(here);
    assert.equal(await later, '200 here');
  });

  it('has callers wait before the change, and goes on with them if none comes', async () => {
    const { door, drain, clock, ask } = doorOf(2);
    door.hold(500);
    door.open(here);
    assert.equal(await ask(), '200 here', 'an app that is not there yet changes to nothing');
    const answers = [];
    for (const next of [undefined, new Hono().get('/v1/network', (c) => c.text('next'))]) {
      door.hold(500);
      answers.push(ask());
      await soon();
      assert.equal(drain.running, 0);
      if (next !== undefined) {
        door.close();
        clock.advance(500);
        await soon();
        door.open(next);
      } else {
        clock.advance(500);
      }
      await answers.at(-1);
    }
    assert.deepEqual(await Promise.all(answers), ['200 here', '200 next']);
    assert.equal(await ask(), '200 next', 'nobody waits afterwards');
  });

  it('lets them wait until it is worthwhile, unless it is closed again before', async () => {
    const { door, ask } = doorOf(3);
    door.open(here, async () => await Promise.reject(new Error('asked for nothing')));
    door.close();
    const early = ask();
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    door.open(here, async () => await first.promise);
    const late = ask();
    door.close();
    door.open(
      new Hono().get('/v1/network', (c) => c.text('next')),
      async () => await second.promise,
    );
    first.resolve();
    const latest = ask();
    second.resolve();
    assert.deepEqual(await Promise.all([early, late, latest]), Array(3).fill('200 next'));
    assert.equal(await ask(), '200 next');
  });

  it('lets nobody wait without a bound: neither for longer, nor more than some', async () => {
    const { clock, door, ask } = doorOf(2);
    door.open(here);
    door.close();
    const waiting = Promise.all([ask(), ask()]);
    assert.equal(await ask(), '503 1', 'two wait already');
    clock.advance(1000);
    assert.deepEqual(await waiting, ['503 1', '503 1']);
    const next = ask();
    door.open(here);
    assert.equal(await next, '200 here', 'those that went left their places');
  });

  it('holds nothing for a caller that has gone', async () => {
    const { door, ask } = doorOf(1);
    door.open(here);
    door.close();
    const caller = new AbortController();
    const gone = ask(caller.signal);
    caller.abort();
    assert.equal(await gone, '503 1');
    assert.equal(await ask(AbortSignal.abort()), '503 1');
    const next = ask();
    door.open(here);
    assert.equal(await next, '200 here');
  });

  it('turns away those that wait once the process ends', async () => {
    const { door, drain, ask } = doorOf(2);
    door.open(here);
    door.close();
    const waiting = ask();
    door.end();
    const ended = drain.end(1000);
    assert.equal(await waiting, '503 5');
    assert.equal(await ended, true);
    door.open(here);
    door.close();
    assert.equal(await ask(), '503 5', 'a change that was under way holds nobody again');
  });

  it('lets nobody wait where that is not wanted', async () => {
    const door = new DeferredApp(new Drain(new TestClock(0)), () => true);
    door.open(here);
    door.close();
    assert.equal((await door.app.request('/v1/network')).status, 503);
  });
});
