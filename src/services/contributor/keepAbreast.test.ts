import assert from 'node:assert/strict';
import { setImmediate as soon } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { TestClock } from '../../ledger/test/TestClock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { Channel } from '../../protocol/network/NetworkFile.ts';
import { Circuits } from '../quorum/Circuits.ts';
import type { ContributorPort } from '../ports.ts';
import { keepAbreast, type Abreast } from './keepAbreast.ts';

const OTHERS = ['laboratory', 'insurer', 'clinic'];

/** A node of four organisations, of which one may be faulty, and what the others do. */
function stage(answers: Record<Organisation, () => Promise<boolean>>): {
  readonly abreast: Abreast;
  readonly clock: TestClock;
  readonly asked: Organisation[];
} {
  const clock = new TestClock(0);
  const asked: Organisation[] = [];
  const abreast = keepAbreast(
    { clock, circuits: new Circuits(clock) },
    {
      channel: {
        coordinators: Array.from({ length: 1 + OTHERS.length }, () => ({})),
        thresholds: { writes: 3, views: 3 },
        faulty: 1,
      } as unknown as Channel,
      peers: OTHERS.map((name) => ({ name, port: {} as ContributorPort, blame: () => undefined })),
      copy: async ({ name }) => {
        asked.push(name);
        return await (answers[name]?.() ?? Promise.resolve(true));
      },
    },
  );
  return { abreast, clock, asked };
}

const silent = async (): Promise<never> => await new Promise(() => undefined);
const untold = async (): Promise<boolean> => await Promise.resolve(false);
const unreachable = async (): Promise<never> => await Promise.reject(new Error('it is away'));

describe('what the others keep', () => {
  it('is known once so many told all of it that an honest one is among them', async () => {
    assert.equal(await stage({ clinic: unreachable }).abreast.isSo(), true);
    assert.equal(await stage({ clinic: unreachable, insurer: unreachable }).abreast.isSo(), false);
    assert.equal(await stage({ clinic: untold, insurer: untold }).abreast.isSo(), false);
  });

  it('is known though one of them is silent', async () => {
    const { abreast, clock } = stage({ clinic: silent });
    const known = abreast.isSo();
    await soon();
    clock.advance(500);
    assert.equal(await known, true);
  });

  it('is not waited for longer than five seconds', async () => {
    const { abreast, clock } = stage({ clinic: silent, insurer: silent });
    const known = abreast.isSo();
    await soon();
    clock.advance(5000);
    assert.equal(await known, false);
  });

  it('is asked once a second, however many want to know it', async () => {
    const { abreast, clock, asked } = stage({});
    await Promise.all([abreast.isSo(), abreast.isSo()]);
    clock.advance(999);
    assert.equal(await abreast.isSo(), true);
    assert.equal(asked.length, OTHERS.length);
    clock.advance(1);
    assert.equal(await abreast.isSo(), true);
    assert.equal(asked.length, 2 * OTHERS.length);
  });

  it('is asked again at once where too few told it, or the clock was set back', async () => {
    let isAway = true;
    const now = async (): Promise<boolean> =>
      await (isAway ? unreachable() : Promise.resolve(true));
    const { abreast, clock, asked } = stage({ clinic: now, insurer: now });
    assert.equal(await abreast.isSo(), false);
    isAway = false;
    assert.equal(await abreast.isSo(), true);
    clock.advance(-1);
    assert.equal(await abreast.isSo(), true);
    assert.equal(asked.length, 3 * OTHERS.length);
  });

  it('is copied to the end before all is over', async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const { abreast } = stage({ clinic: async () => await promise });
    const known = abreast.isSo();
    let isIdle = false;
    const idle = abreast.idle().then(() => (isIdle = true));
    await soon();
    assert.equal(isIdle, false);
    resolve(true);
    assert.ok(await idle);
    assert.equal(await known, true);
  });
});
