import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import { patiently } from './patiently.ts';

/** A clock that stands at a moment as long as nobody waits, and the pauses that were waited. */
function clockOf(): { readonly clock: Clock; readonly pauses: number[] } {
  let now = 0;
  const pauses: number[] = [];
  const clock: Clock = {
    now: () => now,
    after(milliseconds, run) {
      pauses.push(milliseconds);
      now += milliseconds;
      queueMicrotask(run);
      return () => undefined;
    },
  };
  return { clock, pauses };
}

describe('a question that others need a moment for', () => {
  it('is asked a few times in some seconds, with pauses that grow, and then no more', async () => {
    const { clock, pauses } = clockOf();
    let asked = 0;
    const attempt = async (): Promise<undefined> => {
      asked += 1;
      await Promise.resolve();
    };
    assert.equal(await patiently({ clock }, attempt), undefined);
    assert.equal(asked, 8);
    assert.deepEqual(pauses, [50, 100, 200, 400, 800, 1600, 3200]);
  });

  it('is asked every few seconds for what is promised, and once more after', async () => {
    const { clock, pauses } = clockOf();
    await patiently({ clock }, async () => await Promise.resolve(undefined), 600);
    assert.ok(pauses.length < 170, `${pauses.length} pauses in ten minutes`);
    assert.ok(clock.now() > 600_000);
  });

  it('comes back at another time for each who asks', async () => {
    const { clock, pauses } = clockOf();
    let byte = 0;
    const random = (): Uint8Array => Uint8Array.of((byte += 83));
    await patiently({ clock, random }, async () => await Promise.resolve(undefined));
    assert.ok(pauses.every((pause, nth) => pause >= 25 * 2 ** nth && pause <= 50 * 2 ** nth));
    assert.equal(new Set(pauses.map((pause, nth) => pause / 2 ** nth)).size, pauses.length);
  });

  // @class a client that waits for others asks them without bound | one function repeats questions; its pauses grow, and an error ends it
  it('is asked no more after an error', async () => {
    const { clock, pauses } = clockOf();
    const error = new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' });
    const attempt = async (): Promise<undefined> => await Promise.reject(error);
    await assert.rejects(patiently({ clock }, attempt, 600), error);
    assert.deepEqual(pauses, []);
  });
});
