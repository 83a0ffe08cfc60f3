import { readNewsWords } from './newsWords.ts';
import { PortalCache } from './PortalCache.ts';

/**
 * The service worker: serves the portal from what the device keeps, and takes a new version only whole. It keeps nothing
 * else, such as an answer of the agent. To a push, which has no content, it says that there is news.
 */

/** A service worker's global object, as far as it is used; the page's types lack it. */
interface WorkerScope {
  readonly registration: {
    readonly scope: string;
    showNotification(title: string, options: NotificationOptions): Promise<void>;
  };
  readonly clients: {
    claim(): Promise<void>;
    matchAll(which?: { readonly includeUncontrolled: boolean }): Promise<readonly OpenPage[]>;
    openWindow(url: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', on: (event: LastingEvent) => void): void;
  addEventListener(type: 'push', on: (event: LastingEvent) => void): void;
  addEventListener(type: 'notificationclick', on: (event: NoticeEvent) => void): void;
  addEventListener(type: 'fetch', on: (event: AskingEvent) => void): void;
}

interface OpenPage {
  readonly url: string;
  postMessage(message: unknown): void;
  focus(): Promise<unknown>;
}

interface NoticeEvent extends LastingEvent {
  readonly notification: { close(): void };
}

interface LastingEvent {
  waitUntil(ends: Promise<unknown>): void;
}

interface AskingEvent extends LastingEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const worker = globalThis as unknown as WorkerScope;
const { scope } = worker.registration;
const cache = new PortalCache(scope, { caches, fetch: globalThis.fetch.bind(globalThis) });

worker.addEventListener('install', (event) => {
  event.waitUntil(cache.takeNewest().then(async () => await worker.skipWaiting()));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(worker.clients.claim());
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(scope)) return;
  event.respondWith(answer(request));
  const isPage =
    request.mode === 'navigate' && new URL(request.url).pathname === new URL(scope).pathname;
  if (isPage) event.waitUntil(renew());
});

worker.addEventListener('push', (event) => {
  event.waitUntil(sayNews());
});

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openPortal());
});

/** Says the same for all news, whatever a push holds, and asks nobody. */
async function sayNews(): Promise<void> {
  const body = await readNewsWords(scope);
  await worker.registration.showNotification('Medseal', { body, tag: 'news', dir: 'auto' });
}

/** Shows the portal that is open, or opens it. */
async function openPortal(): Promise<void> {
  // A page that was loaded past the worker is open as well.
  const pages = await worker.clients.matchAll({ includeUncontrolled: true });
  const open = pages.find(({ url }) => url.startsWith(scope));
  await (open === undefined ? worker.clients.openWindow(scope) : open.focus());
}

async function answer(request: Request): Promise<Response> {
  // Whatever follows the address of the page, the kept page answers: another one would run unverified.
  const isNavigation = request.mode === 'navigate';
  return (await cache.find(isNavigation ? scope : request.url)) ?? (await fetch(request));
}

/** Takes a new version, and tells the open pages of it. Without a network the one that is kept stays. */
async function renew(): Promise<void> {
  const taken = await cache.takeNewest().catch(() => undefined);
  if (taken === undefined) return;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's pages are of its origin
  for (const page of await worker.clients.matchAll()) page.postMessage({ portal: taken });
}
