import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import type { Address } from '../../protocol/ids.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { context, signatory, word } from '../../protocol/test/sampleNetwork.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { createPushes, type Pushes } from './createPushes.ts';
import { PushStore } from './PushStore.ts';

const NOW = 1_800_000_000;
const MINUTE = 60_000;
const [anna, former] = [signatory('anna'), signatory('anna before')];

interface Stage {
  readonly clock: TestClock;
  readonly pushed: string[];
  readonly failures: unknown[];
  readonly store: PushStore;
  readonly pushes: Pushes;
  /** State that a test changes. */
  readonly state: {
    letters: boolean;
    suspended: boolean;
    signer: Address;
    answer: 'sent' | 'gone' | 'fails' | 'fails at other';
  };
  /** Lets time pass, and everything that it begins end. */
  readonly pass: (milliseconds: number) => Promise<void>;
}

/** Starts a node whose one browser was asked for before, or once it runs. */
async function stage({ isKept = false } = {}): Promise<Stage> {
  const clock = new TestClock(NOW * 1000);
  const store = await PushStore.open(new MemoryDatabase());
  const asked = {
    request: sign(context, anna, 'Notify', {
      endpoint: word('browser'),
      until: NOW + 24 * 3600,
      deadline: NOW + 300,
      salt: `0x${'00'.repeat(16)}`,
    }),
    endpoint: 'https://push.example/browser',
  } as const;
  if (isKept) await store.keep(asked, NOW);
  const pushed: string[] = [];
  const failures: unknown[] = [];
  const state: Stage['state'] = {
    letters: true,
    suspended: false,
    signer: anna.address,
    answer: 'sent',
  };
  const index = {
    refresh: async () => await Promise.resolve(),
    party: () => ({ suspended: state.suspended }),
    signerOf: () => state.signer,
  };
  const pushes = createPushes({ ...context, clock, index } as unknown as ServiceContext, {
    store,
    port: {
      key: 'key',
      allows: () => true,
      async push(endpoint) {
        pushed.push(endpoint);
        const { answer } = state;
        const isOther = endpoint.endsWith('/other');
        if (answer === 'fails' || (answer === 'fails at other' && isOther)) {
          throw new Error('no answer');
        }
        return await Promise.resolve(answer === 'gone' ? 'gone' : 'sent');
      },
    },
    hasLetters: async () => await Promise.resolve(state.letters),
    onFailure: (error) => failures.push(error),
  });
  if (!isKept) await store.keep(asked, NOW);
  const pass = async (milliseconds: number): Promise<void> => {
    clock.advance(milliseconds);
    await pushes.settled();
  };
  return { clock, pushed, failures, store, pushes, state, pass };
}

describe('the pushes of a party', () => {
  it('are one for all letters of ten minutes, a minute after the first', async () => {
    const { pushes, pushed, pass } = await stage();
    pushes.tell(anna.address);
    pushes.tell(anna.address);
    await pass(MINUTE - 1);
    assert.equal(pushed.length, 0);
    await pass(1);
    assert.deepEqual(pushed, ['https://push.example/browser']);
    for (let letter = 0; letter < 20; letter++) pushes.tell(anna.address);
    await pass(9 * MINUTE);
    assert.equal(pushed.length, 1);
    await pass(MINUTE);
    assert.equal(pushed.length, 2);
    await pass(60 * MINUTE);
    assert.equal(pushed.length, 2);
  });

  it('that were due when the node stopped come ten minutes after it starts, for letters that wait still', async () => {
    const { pushes, pushed, pass } = await stage({ isKept: true });
    await pass(MINUTE);
    pushes.tell(anna.address);
    await pass(9 * MINUTE - 1);
    assert.equal(pushed.length, 0);
    await pass(1);
    assert.equal(pushed.length, 1);
    await pass(60 * MINUTE);
    assert.equal(pushed.length, 1);
    const taken = await stage({ isKept: true });
    taken.state.letters = false;
    await taken.pass(60 * MINUTE);
    assert.equal(taken.pushed.length, 0);
  });

  // @attack a few parties write to thousands who asked for no push, so that nobody else is told of news | a letter takes a place among the waiting pushes only if its reader has a browser that is told
  it('are not held up by letters to those who asked for none', async () => {
    const { pushes, pushed, pass } = await stage();
    for (let other = 0; other < 70_000; other++) {
      pushes.tell(`0x${other.toString(16).padStart(40, '0')}`);
    }
    pushes.tell(anna.address);
    await pass(MINUTE);
    assert.equal(pushed.length, 1);
  });

  it('are left out for letters that an open portal took, and for a party that asked for nothing', async () => {
    const { pushes, pushed, state, pass } = await stage();
    state.letters = false;
    pushes.tell(anna.address);
    pushes.tell(signatory('ben').address);
    await pass(MINUTE);
    assert.equal(pushed.length, 0);
  });

  for (const [name, change] of [
    ['a suspended party', { suspended: true }],
    ['a party with another key since', { signer: former.address }],
  ] as const) {
    it(`end for ${name}, whose browsers are forgotten`, async () => {
      const { pushes, pushed, state, store, pass } = await stage();
      Object.assign(state, change);
      pushes.tell(anna.address);
      await pass(MINUTE);
      assert.equal(pushed.length, 0);
      assert.deepEqual(await store.of(anna.address, NOW), []);
    });
  }

  it('leave no address of a browser behind once the key has changed, though no letter comes', async () => {
    const { pushes, pushed, state, store } = await stage();
    await pushes.collect();
    assert.equal((await store.of(anna.address, NOW)).length, 1);
    state.signer = former.address;
    await pushes.collect();
    assert.deepEqual(await store.of(anna.address, NOW), []);
    assert.equal(pushed.length, 0);
  });

  it('end at a browser that its push service no longer knows', async () => {
    const { pushes, pushed, state, store, pass } = await stage();
    state.answer = 'gone';
    pushes.tell(anna.address);
    await pass(MINUTE);
    assert.equal(pushed.length, 1);
    assert.deepEqual(await store.of(anna.address, NOW), []);
  });

  it('that failed are tried again each ten minutes for an hour, while the letter waits', async () => {
    const { pushes, pushed, failures, state, store, pass } = await stage();
    state.answer = 'fails';
    pushes.tell(anna.address);
    await pass(MINUTE);
    assert.equal(failures.length, 1);
    await pass(10 * MINUTE);
    assert.equal(failures.length, 2);
    state.answer = 'sent';
    await pass(10 * MINUTE);
    await pass(10 * MINUTE);
    assert.deepEqual([failures.length, pushed.length], [2, 3]);
    state.answer = 'fails';
    pushes.tell(anna.address);
    await pass(MINUTE);
    for (let time = 0; time < 20; time++) await pass(10 * MINUTE);
    assert.equal(failures.length, 2 + 7);
    assert.equal((await store.of(anna.address, NOW)).length, 1);
    pushes.tell(anna.address);
    await pass(MINUTE);
    state.letters = false;
    await pass(10 * MINUTE);
    assert.equal(failures.length, 2 + 8);
  });

  it('that failed at one browser alone are tried again there alone', async () => {
    const { pushes, pushed, state, store, pass } = await stage();
    const endpoint = 'https://push.example/other';
    const message = {
      until: NOW + 3600,
      deadline: NOW + 300,
      salt: `0x${'00'.repeat(16)}`,
    } as const;
    const request = sign(context, anna, 'Notify', { endpoint: word('other'), ...message });
    await store.keep({ request, endpoint }, NOW);
    state.answer = 'fails at other';
    pushes.tell(anna.address);
    await pass(MINUTE);
    assert.equal(pushed.length, 2);
    state.answer = 'sent';
    await pass(10 * MINUTE);
    assert.deepEqual(pushed.slice(2), [endpoint]);
  });

  it('end with the day that the party named, and with the node', async () => {
    const { pushes, pushed, clock, pass } = await stage();
    pushes.tell(anna.address);
    await pushes.stop();
    clock.advance(MINUTE);
    pushes.tell(anna.address);
    await pass(MINUTE);
    assert.equal(pushed.length, 0);
    const later = await stage();
    await later.pass(25 * 60 * MINUTE);
    later.pushes.tell(anna.address);
    await later.pass(MINUTE);
    assert.equal(later.pushed.length, 0);
  });
});
