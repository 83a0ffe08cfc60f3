import type { Page } from 'playwright-core';

/** A moment of a visit: the way in is drawn, or the screen that a person sees first. */
export type Drawn = 'entry' | 'home';

/** A file that a page asked for. */
interface FileAsked {
  readonly url: string;
  /** Bytes of the answer's head. */
  head: number;
  /** Bytes of its content that came, as they were compressed. */
  readonly came: PromiseWithResolvers<number>;
}

/** Files of the portal that a page loads. */
export interface BytesCounted {
  /**
   * Returns the bytes of each file that the page asked for before it had drawn something, by the file's name without its hash.
   *
   * @param moment - The moment, which has come or comes yet.
   */
  until(moment: Drawn): Promise<ReadonlyMap<string, number>>;
}

/**
 * Counts the bytes that a page loads. The page's process tells of requests and of what is drawn in one order, so that no
 * answer's time decides what is counted.
 *
 * @param page - A page that was not opened yet.
 * @param portal - Address of the portal, with its last slash.
 * @param home - Selects what the first screen of a person alone has; that screen is the first under an address of its own if absent.
 */
export async function countBytes(page: Page, portal: string, home?: string): Promise<BytesCounted> {
  const asked = new Map<string, FileAsked>();
  const moments = { entry: Promise.withResolvers<number>(), home: Promise.withResolvers<number>() };
  const session = await page.context().newCDPSession(page);
  session.on('Network.requestWillBeSent', ({ requestId, request: { url } }) => {
    asked.set(requestId, { url, head: 0, came: Promise.withResolvers() });
  });
  session.on('Network.responseReceived', ({ requestId, response: { encodedDataLength } }) => {
    const file = asked.get(requestId);
    if (file !== undefined) file.head = encodedDataLength;
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const file = asked.get(requestId);
    file?.came.resolve(encodedDataLength - file.head);
  });
  session.on('Network.loadingFailed', ({ requestId, errorText }) => {
    const { url, came } = asked.get(requestId) ?? {};
    if (url !== undefined && isCode(url, portal)) came?.reject(new Error(`${url}: ${errorText}`));
  });
  session.on('Runtime.bindingCalled', ({ name, payload }) => {
    if (name === 'drawn') moments[payload as Drawn].resolve(asked.size);
  });
  await session.send('Network.enable');
  await session.send('Runtime.enable');
  await session.send('Runtime.addBinding', { name: 'drawn' });
  await page.addInitScript(tellDrawn, home);
  return {
    async until(moment) {
      const number = await moments[moment].promise;
      const files = [...asked.values()].slice(0, number).filter(({ url }) => isCode(url, portal));
      const named = files.map(async ({ url, came }) => [nameOf(url), await came.promise] as const);
      return new Map(await Promise.all(named));
    },
  };
}

/** True for the page, code, styles and words: the typeface is drawn when it comes, and the rest is data. */
function isCode(url: string, portal: string): boolean {
  return url.startsWith(portal) && !/\.(?:woff2|json)$/.test(url);
}

function nameOf(url: string): string {
  const file = new URL(url).pathname.replace(/.*\//, '');
  return file === '' ? 'page' : file.replace(/-[\w-]{8}(?=\.)/, '');
}

/** Runs in the page before its code: tells when the first heading stands, and when the first screen of a person does. */
function tellDrawn(home: string | undefined): void {
  const { drawn } = globalThis as unknown as { readonly drawn: (moment: Drawn) => void };
  const waiting: Drawn[] = ['entry', 'home'];
  new MutationObserver(() => {
    if (document.querySelector('main h1') === null) return;
    const isHome =
      home === undefined ? location.hash !== '' : document.querySelector(home) !== null;
    if (waiting[0] === 'home' && !isHome) return;
    const moment = waiting.shift();
    if (moment !== undefined) drawn(moment);
  }).observe(document, { childList: true, subtree: true });
}
