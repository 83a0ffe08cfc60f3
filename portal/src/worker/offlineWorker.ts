import { PortalCache } from './PortalCache.ts';

/**
 * The service worker: serves the portal from what the device keeps, and takes a new version only whole. It keeps nothing
 * else, such as an answer of the agent.
 */

/** A service worker's global object, as far as it is used; the page's types lack it. */
interface WorkerScope {
  readonly registration: { readonly scope: string };
  readonly clients: {
    claim(): Promise<void>;
    matchAll(): Promise<readonly { postMessage(message: unknown): void }[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', on: (event: LastingEvent) => void): void;
  addEventListener(type: 'fetch', on: (event: AskingEvent) => void): void;
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
