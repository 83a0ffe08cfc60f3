import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { watchEvents, type EventWatch } from './watchEvents.ts';

const HOUR = 3_600_000;

/** Watches for some time that passes at once, and counts. */
async function watched(
  time: number,
  watch: Partial<EventWatch>,
): Promise<{ readonly looks: number; readonly audits: number; readonly left: number }> {
  const waiting: { at: number; run: () => void }[] = [];
  let [now, looks, audits] = [0, 0, 0];
  const { look = quiet, audit = quiet } = watch;
  const end = watchEvents({
    isSeen: () => true,
    ...watch,
    after(milliseconds, run) {
      const timer = { at: now + milliseconds, run };
      waiting.push(timer);
      return () => void waiting.splice(waiting.indexOf(timer), 1);
    },
    look: async () => {
      looks += 1;
      return await look();
    },
    audit: async () => {
      audits += 1;
      return await audit();
    },
  });
  for (let next = waiting.shift(); next !== undefined && next.at <= time; next = waiting.shift()) {
    now = next.at;
    next.run();
    await turn();
  }
  end();
  return { looks, audits, left: waiting.length };
}

async function quiet(): Promise<boolean> {
  return await Promise.resolve(false);
}

async function always(): Promise<boolean> {
  return await Promise.resolve(true);
}

async function failing(): Promise<boolean> {
  return await Promise.reject(new Error('nobody answers'));
}

describe('watching events', () => {
  it('looks each 700 ms while nothing happens, and audits nothing', async () => {
    assert.deepEqual(await watched(7000, {}), { looks: 10, audits: 0, left: 0 });
  });

  it('asks nothing while nobody sees it', async () => {
    const { looks } = await watched(HOUR, { isSeen: () => false });
    assert.equal(looks, 0);
  });

  it('asks a node that fails ever less often: fourteen times in an hour', async () => {
    assert.equal((await watched(HOUR, { look: failing })).looks, 14);
  });

  it('asks as often as before once the node answers again', async () => {
    let failures = 6;
    const look = async (): Promise<boolean> => (failures-- > 0 ? await failing() : await quiet());
    const { looks } = await watched(200_000, { look });
    assert.ok(looks > 150, String(looks));
  });

  it('looks soon once the device is connected again, however long it failed before', async () => {
    let connected: (() => void) | undefined;
    let looks = 0;
    const look = async (): Promise<boolean> => {
      looks += 1;
      if (looks === 10) connected?.();
      return looks <= 10 ? await failing() : await quiet();
    };
    const onConnected = (run: () => void): (() => void) => {
      connected = run;
      return () => {
        connected = undefined;
      };
    };
    // Without it the eleventh look comes after more than twenty minutes.
    await watched(700 * (2 ** 10 - 2) + 10_000, { look, onConnected });
    assert.ok(looks > 15, String(looks));
  });

  it('audits ever less often if audits fail, or signs were given in vain', async () => {
    for (const audit of [failing, quiet]) {
      const { audits } = await watched(HOUR, { look: always, audit });
      assert.equal(audits, 14, audit.name);
    }
  });

  it('audits at once each time that others did something', async () => {
    const { audits } = await watched(7000, { look: always, audit: always });
    assert.equal(audits, 10);
  });

  it('stops when it is ended', async () => {
    assert.equal((await watched(0, {})).left, 0);
  });
});
