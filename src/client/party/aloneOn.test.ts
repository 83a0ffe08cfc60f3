import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aloneOn } from './aloneOn.ts';
import { keepAskedFor, type AccessAsked } from '../letters/accessRequests.ts';
import { mergeContactNotes } from '../letters/contactNotes.ts';
import { holdAnswers } from '../letters/heldAnswers.ts';
import { keepMistake } from '../letters/keptMistakes.ts';
import type { OpenedLetter } from '../letters/letters.ts';
import type { Mistake } from '../letters/Mistake.ts';
import type { Hex } from '../../protocol/ids.ts';
import type { Grant } from '../../protocol/requests.ts';
import type { DeviceStore } from './DeviceStore.ts';
import { keepConfirmed } from './knownRights.ts';
import { memoryDevice } from './memoryDevice.ts';
import type { Party } from './Party.ts';

/** Two views of one device, as two tabs have them, and what it stores. */
function twoTabs(): {
  readonly tabs: readonly [DeviceStore, DeviceStore];
  readonly values: ReadonlyMap<string, unknown>;
} {
  const values = new Map<string, unknown>();
  const read = async (name: string): Promise<unknown> => await Promise.resolve(values.get(name));
  const write = async (name: string, value: unknown): Promise<void> => {
    await Promise.resolve();
    values.set(name, value);
  };
  let last: Promise<unknown> = Promise.resolve();
  const alone: DeviceStore['alone'] = async (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return await mine;
  };
  return {
    tabs: [
      { read, write, alone },
      { read, write, alone },
    ],
    values,
  };
}

async function count(device: DeviceStore): Promise<number> {
  const next = (((await device.read('count')) as number | undefined) ?? 0) + 1;
  await device.write('count', next);
  return next;
}

/** Everything that a device keeps a list of, with one more of it. */
const KEPT: Readonly<Record<string, (party: Party, one: Hex) => Promise<unknown>>> = {
  rights: async (party, digest) => await keepConfirmed(party, [{ grant: {} as Grant, digest }]),
  requests: async (party, digest) => await keepAskedFor(party, { digest } as AccessAsked),
  mistakes: async (party, id) => await keepMistake(party, { id, at: 0 } as Mistake),
  contacts: async (party, address) =>
    await mergeContactNotes(party, [{ kind: 'contact', party: address, name: 'Ana', at: 0 }]),
  'held answers': async (party, id) => await holdAnswers(party, [{ id } as OpenedLetter]),
};

describe('what a device reads and writes alone', () => {
  it('loses nothing of other work on the same device', async () => {
    const device = memoryDevice();
    const results = await Promise.all(
      Array.from(
        { length: 20 },
        async () => await aloneOn(device, async () => await count(device)),
      ),
    );
    assert.deepEqual(new Set(results).size, 20);
    assert.equal(await device.read('count'), 20);
  });

  it('loses nothing of another tab', async () => {
    const { tabs, values } = twoTabs();
    const [one, other] = tabs;
    await Promise.all(
      [one, other, one, other].map(async (tab) => await aloneOn(tab, async () => await count(tab))),
    );
    assert.equal(values.get('count'), 4);
  });

  for (const [what, keep] of Object.entries(KEPT)) {
    it(`loses none of the ${what} that two tabs keep at once`, async () => {
      const { tabs, values } = twoTabs();
      await Promise.all(
        (['0x01', '0x02', '0x03', '0x04'] as const).map(
          async (one, at) => await keep({ device: tabs[at % 2] } as Party, one),
        ),
      );
      assert.equal([...values.values()].flat().length, 4);
    });
  }

  it('goes on after work that failed, whose error its caller gets', async () => {
    const device = memoryDevice();
    const failing = aloneOn(device, async () => {
      await Promise.resolve();
      throw new Error('full');
    });
    const later = aloneOn(device, async () => await count(device));
    await assert.rejects(failing, /full/);
    assert.equal(await later, 1);
  });
});
