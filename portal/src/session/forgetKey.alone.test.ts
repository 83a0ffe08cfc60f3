import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { webPorts, type Party } from '../../../src/client/index.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import type { NotifyAsked } from '../../../src/protocol/AgentPort.ts';
import { context, signatory } from '../../../src/protocol/test/sampleNetwork.ts';
import { KEPT_KEYS, type KeptKey } from '../vault/keptKeys.ts';
import type { Shelf } from '../vault/openShelf.ts';
import { forgetKey } from './forgetKey.ts';
import { endPushHere } from './pushHere.ts';
import type { Session } from './Session.ts';

const ENDPOINT = 'https://push.example/browser';
const ALONE = { concurrency: false } as const;

interface Browser {
  readonly session: Session;
  readonly kept: KeptKey;
  readonly asked: readonly NotifyAsked[];
  readonly unsubscribe: { readonly mock: { callCount(): number } };
  readonly keys: () => readonly KeptKey[];
}

/** A browser that is told of news, and keeps the keys of people; the first of them is at work. */
function browserOf(
  people: readonly string[],
  notify: () => Promise<unknown> = async () => await Promise.resolve({ browsers: [] }),
): Browser {
  const asked: NotifyAsked[] = [];
  const unsubscribe = mock.fn(async () => await Promise.resolve(true));
  const registration = {
    pushManager: {
      getSubscription: async () => await Promise.resolve({ endpoint: ENDPOINT, unsubscribe }),
    },
  };
  const serviceWorker = { getRegistration: async () => await Promise.resolve(registration) };
  Object.assign(globalThis, { PushManager: Object, Notification: Object });
  Object.defineProperty(navigator, 'serviceWorker', { value: serviceWorker, configurable: true });
  let keys: readonly KeptKey[] = people.map((name) => {
    return { address: signatory(name).address, called: name, sealed: new Uint8Array() };
  });
  const shelf = {
    read: async (name: string) => await Promise.resolve(name === KEPT_KEYS ? keys : undefined),
    write: async (_name: string, value: typeof keys) => {
      keys = value;
      await Promise.resolve();
    },
  } as unknown as Shelf;
  const agent = {
    notify: async (request: NotifyAsked) => {
      asked.push(request);
      return await notify();
    },
  };
  const party = {
    ...context,
    ...signatory(people[0] ?? ''),
    clock: webPorts.clock,
    random: webPorts.random,
    agent,
  } as unknown as Party;
  const session = { party, place: { shelf } } as unknown as Session;
  const [kept] = keys;
  assert.ok(kept !== undefined);
  return { session, kept, asked, unsubscribe, keys: () => keys };
}

describe('a key that is removed from a browser', ALONE, () => {
  it('ends what the browser is told of its person, and the push service forgets the browser', async () => {
    const { session, kept, asked, unsubscribe, keys } = browserOf(['anna']);
    await forgetKey(session, kept);
    assert.deepEqual(
      asked.map(({ request }) => request.message.until),
      [0],
    );
    assert.equal(unsubscribe.mock.callCount(), 1);
    assert.deepEqual(keys(), []);
  });

  it('leaves what somebody else is told in that browser', async () => {
    const { session, kept, asked, unsubscribe, keys } = browserOf(['anna', 'ben']);
    await endPushHere(session);
    assert.equal(asked.length, 1);
    assert.equal(unsubscribe.mock.callCount(), 0);
    await forgetKey(session, kept);
    assert.deepEqual(
      keys().map(({ called }) => called),
      ['ben'],
    );
  });

  it('is removed without a network too, and then the push service forgets the browser, whoever is told', async () => {
    const { session, kept, unsubscribe, keys } = browserOf(['anna', 'ben'], async () => {
      await Promise.resolve();
      throw new TypeError('no network');
    });
    await forgetKey(session, kept);
    assert.equal(unsubscribe.mock.callCount(), 1);
    assert.equal(keys().length, 1);
  });

  it('of somebody who was never enrolled ends nothing of others', async () => {
    const { session, kept, unsubscribe } = browserOf(['anna', 'ben'], async () => {
      await Promise.resolve();
      throw new MedsealError('PARTY_UNKNOWN', {});
    });
    await forgetKey(session, kept);
    assert.equal(unsubscribe.mock.callCount(), 0);
  });
});
