import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shareNext } from './shareNext.ts';

/** Work that a test ends when it likes. */
class Gate {
  runs = 0;
  #deferred = Promise.withResolvers<undefined>();

  readonly work = async (): Promise<void> => {
    this.runs += 1;
    this.#deferred = Promise.withResolvers();
    await this.#deferred.promise;
  };

  end(error?: Error): void {
    if (error === undefined) this.#deferred.resolve(undefined);
    else this.#deferred.reject(error);
  }
}

async function settled(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe('shareNext', () => {
  it('runs at once if nothing is under way', async () => {
    const gate = new Gate();
    const call = shareNext(gate.work)();
    assert.equal(gate.runs, 1);
    gate.end();
    await call;
  });

  it('gives calls during a run the next one, together', async () => {
    const gate = new Gate();
    const share = shareNext(gate.work);
    const first = share();
    let later = 0;
    const rest = [share(), share(), share()].map(async (call) => {
      await call;
      later += 1;
    });
    gate.end();
    await first;
    await settled();
    assert.deepEqual([gate.runs, later], [2, 0]);
    gate.end();
    await Promise.all(rest);
    assert.equal(gate.runs, 2);
  });

  it('never runs twice at a time, even for a call between two runs', async () => {
    let under = 0;
    let most = 0;
    const share = shareNext(async () => {
      most = Math.max(most, (under += 1));
      await Promise.resolve();
      under -= 1;
    });
    const calls: Promise<void>[] = [];
    for (let i = 0; i < 50; i++) {
      calls.push(share());
      await Promise.resolve();
    }
    await Promise.all(calls);
    assert.equal(most, 1);
  });

  it('tells of a failure those who waited for that run, and goes on', async () => {
    const gate = new Gate();
    const share = shareNext(gate.work);
    const first = share();
    const second = share();
    gate.end(new Error('first'));
    await assert.rejects(first, /first/);
    await settled();
    gate.end();
    await second;
    const third = share();
    gate.end();
    await third;
    assert.equal(gate.runs, 3);
  });
});
