import {
  browserName,
  listTold,
  stopTelling,
  tellBrowser,
  type Party,
} from '../../../src/client/index.ts';
import { isMedsealError } from '../../../src/errors/isMedsealError.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import { KeyChest } from '../vault/KeyChest.ts';
import { keepNewsWords } from '../worker/newsWords.ts';
import type { Session } from './Session.ts';

/** Seconds before its end at which the page has this browser told for longer. */
const RENEW = 60 * 24 * 3600;

/**
 * State of this browser: whether it is told of the person's news; that the organisation tells nobody; that the person does not let
 * the page show notifications; or that the browser cannot.
 */
export type PushHere = 'on' | 'off' | 'not-offered' | 'denied' | 'unable';

/**
 * Finds out if this browser is told of the person's news.
 *
 * @param session - The person.
 * @throws MedsealError what `listTold` throws.
 */
export async function pushHere({ party }: Session): Promise<PushHere> {
  const { key, browsers } = await listTold(party);
  if (key === undefined) return 'not-offered';
  const worker = await workerHere();
  if (worker === undefined) return 'unable';
  if (Notification.permission === 'denied') return 'denied';
  const subscription = await worker.pushManager.getSubscription();
  if (subscription === null) return 'off';
  const name = browserName(party, subscription.endpoint);
  return browsers.some(({ endpoint }) => endpoint === name) ? 'on' : 'off';
}

/**
 * Asks the person and the browser, and has the organisation tell this browser of the person's news.
 *
 * @param session - The person.
 * @param words - The words of each notification.
 * @throws MedsealError what `listTold` and `tellBrowser` throw.
 */
export async function turnPushOn({ party }: Session, words: string): Promise<void> {
  const worker = await workerHere();
  const { key } = await listTold(party);
  if (worker === undefined || key === undefined) return;
  if ((await Notification.requestPermission()) !== 'granted') return;
  const before = await worker.pushManager.getSubscription();
  // One for another key is of no use: the node's folder was made again.
  if (before !== null && keyOf(before) !== key) await before.unsubscribe();
  const subscription = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: key,
  });
  await keepNewsWords(worker.scope, words);
  await tellBrowser(party, subscription.endpoint);
}

/**
 * Has the organisation tell this browser no longer of the person's news. The push service forgets the browser too, unless
 * somebody else has a key in it.
 *
 * @param session - The person.
 * @throws MedsealError what `stopTelling` throws.
 */
export async function turnPushOff({ party, place }: Session): Promise<void> {
  const subscription = await subscriptionHere();
  if (subscription === undefined) return;
  await stopTelling(party, browserName(party, subscription.endpoint));
  const people = await new KeyChest(place.shelf).list();
  if (people.every(({ address }) => address === party.address)) await subscription.unsubscribe();
}

/**
 * Ends what this browser is told of a person whose key leaves it. If the organisation cannot be asked, the push service forgets the
 * browser, whoever else is told on it.
 *
 * @param session - The person.
 */
export async function endPushHere(session: Session): Promise<void> {
  try {
    await turnPushOff(session);
  } catch (error) {
    // Nobody tells of news of a party that was never enrolled.
    if (isMedsealError(error, 'PARTY_UNKNOWN')) return;
    await (await subscriptionHere())?.unsubscribe();
  }
}

/**
 * Has this browser told for longer if it is told and its time ends within 60 days, and keeps the words in the language of now.
 * Only for a browser that shows notifications of this page.
 *
 * @param party - The person.
 * @param words - The words of each notification.
 * @throws MedsealError what `listTold` and `tellBrowser` throw.
 */
export async function renewPush(party: Party, words: string): Promise<void> {
  const worker = await workerHere();
  const subscription = await subscriptionHere();
  if (worker === undefined || subscription === undefined) return;
  const name = browserName(party, subscription.endpoint);
  const told = (await listTold(party)).browsers.find(({ endpoint }) => endpoint === name);
  if (told === undefined) return;
  await keepNewsWords(worker.scope, words);
  if (told.until < seconds(party.clock) + RENEW) await tellBrowser(party, subscription.endpoint);
}

/** The service worker of this page, if the browser can push to it. */
async function workerHere(): Promise<ServiceWorkerRegistration | undefined> {
  const { serviceWorker } = navigator as { readonly serviceWorker?: ServiceWorkerContainer };
  if (!('PushManager' in globalThis) || !('Notification' in globalThis)) return undefined;
  return await serviceWorker?.getRegistration();
}

/** The subscription of this page at a push service, if the browser has one. */
async function subscriptionHere(): Promise<PushSubscription | undefined> {
  return (await (await workerHere())?.pushManager.getSubscription()) ?? undefined;
}

/** The key that a subscription is for, in base64url. */
function keyOf({ options }: PushSubscription): string {
  const bytes = new Uint8Array(options.applicationServerKey ?? new ArrayBuffer());
  const text = btoa(String.fromCodePoint(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
