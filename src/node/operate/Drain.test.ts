import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Hono } from 'hono';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { Drain } from './Drain.ts';
import { DeferredApp } from './DeferredApp.ts';

function slowApp(drain: Drain): { app: Hono; release: () => void } {
  const waiting = Promise.withResolvers<void>();
  const inner = new Hono().get('/slow', async (c) => {
    await waiting.promise;
    return c.text('done');
  });
  const door = new DeferredApp(drain, () => true);
  door.open(inner);
  return { app: door.app, release: waiting.resolve };
}

describe('the end of a process', () => {
  it('waits for requests under way, and turns away new ones', async () => {
    const drain = new Drain(new TestClock(0));
    const { app, release } = slowApp(drain);
    const slow = app.request('/slow');
    assert.equal(drain.running, 1);
    const ended = drain.end(1000);
    const late = await app.request('/slow');
    assert.equal(late.status, 503);
    assert.equal(late.headers.get('retry-after'), '5');
    assert.equal(late.headers.get('content-type'), 'application/problem+json');
    assert.equal(((await late.json()) as { code: string }).code, 'CLOSED');
    release();
    assert.equal(await (await slow).text(), 'done');
    assert.equal(await ended, true);
    assert.equal(drain.running, 0);
  });

  it('waits no longer than it may', async () => {
    const clock = new TestClock(0);
    const drain = new Drain(clock);
    const { app, release } = slowApp(drain);
    const slow = app.request('/slow');
    const ended = drain.end(1000);
    clock.advance(1000);
    assert.equal(await ended, false);
    release();
    await slow;
  });

  it('comes at once if nothing is under way', async () => {
    assert.equal(await new Drain(new TestClock(0)).end(1000), true);
  });
});
