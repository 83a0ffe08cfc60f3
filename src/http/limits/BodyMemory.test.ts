import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { BodyMemory, type IncomingBody } from './BodyMemory.ts';

const clock = new TestClock(0);
const options = { capacity: 800, bodyBytes: 40, waiting: 80, patience: 1000, clock };

describe('the room for bodies', () => {
  it('counts what has come, and nothing that is announced', async () => {
    const memory = new BodyMemory(options);
    const bodies = Array.from({ length: 60 }, () => memory.begin('a'));
    assert.equal(memory.held, 0);
    for (const body of bodies) await body.take(1);
    assert.equal(memory.held, 60);
    for (const body of bodies) body.leave();
    for (const body of bodies) body.leave();
    assert.equal(memory.held, 0);
  });

  it('gives one caller an eighth, and others theirs', async () => {
    const memory = new BodyMemory(options);
    const greedy = Array.from({ length: 3 }, () => memory.begin('greedy'));
    await greedy[0]?.take(40);
    greedy[0]?.whole();
    await greedy[1]?.take(40);
    greedy[1]?.whole();
    const third = greedy[2]?.take(40) ?? Promise.resolve();
    await memory.begin('other').take(40);
    const refused = assert.rejects(third, failsWith('OVERLOADED'));
    clock.advance(1000);
    await refused;
  });

  it('gives the room that a body leaves to one that waits', async () => {
    const memory = new BodyMemory(options);
    const [first, second, third] = [memory.begin('a'), memory.begin('a'), memory.begin('a')];
    await first.take(40);
    first.whole();
    await second.take(40);
    second.whole();
    const waits = third.take(30);
    first.leave();
    await waits;
    assert.equal(memory.held, 70);
    assert.equal(clock.pending, 0);
  });

  it('lets an eighth of those who may wait be of one caller', async () => {
    const memory = new BodyMemory({ ...options, waiting: 16 });
    const bodies = Array.from({ length: 5 }, () => memory.begin('a'));
    const full = bodies.slice(0, 2);
    for (const body of full) {
      await body.take(40);
      body.whole();
    }
    const waiting = bodies.slice(2, 4).map(async (body) => {
      await body.take(40);
    });
    await assert.rejects(bodies[4]?.take(40) ?? Promise.resolve(), failsWith('OVERLOADED'));
    const refused = waiting.map(async (each) => {
      await assert.rejects(each, failsWith('OVERLOADED'));
    });
    clock.advance(1000);
    await Promise.all(refused);
  });

  it('takes in the end every body that arrives in parts, in any order, before any wait runs out', async () => {
    const callers = fc.constantFrom('a', 'b', 'c');
    const sent = fc.array(fc.tuple(callers, fc.integer({ min: 1, max: 4 })), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(sent, fc.scheduler(), async (bodies, scheduler) => {
        const memory = new BodyMemory({ ...options, capacity: 60 });
        const send = async (body: IncomingBody, parts: number): Promise<void> => {
          for (let part = 0; part < parts; part++) {
            await scheduler.schedule(Promise.resolve());
            await body.take(10);
          }
          body.whole();
          await scheduler.schedule(Promise.resolve());
          body.leave();
        };
        const all = bodies.map(async ([caller, parts]) => {
          await send(memory.begin(caller), parts);
        });
        await scheduler.waitFor(Promise.all(all));
        assert.equal(memory.held, 0);
      }),
      { numRuns: 100 },
    );
    assert.equal(clock.pending, 0);
  });
});
