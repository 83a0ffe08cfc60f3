import { portalPins } from '../../../src/protocol/portal/portalPins.ts';

/**
 * Files that no device keeps, for they are as large as the others together: without the viewer of PDFs a document can be saved.
 */
const NOT_KEPT = /(?:^|\/)(?:pdfWorker-[\w-]+\.js|[\w-]+\.(?:wasm|pfb))$/;

/** The browser's ways to keep and to fetch. */
export interface PortalStores {
  readonly caches: CacheStorage;
  readonly fetch: typeof fetch;
}

/**
 * Keeps whole versions of the portal: its page, and each file that the page pins but the largest, verified by its integrity. It keeps the
 * version in use and the one before, for pages that are still open.
 */
export class PortalCache {
  readonly #scope: string;
  /** Portals of several organisations can have one origin, and so its caches. */
  readonly #prefix: string;
  readonly #stores: PortalStores;
  /** Takes one after the other. */
  #taking: Promise<unknown> = Promise.resolve();

  /**
   * @param scope - Address of the portal's page, with its last slash.
   * @param stores - The browser's caches, and how files are fetched.
   */
  constructor(scope: string, stores: PortalStores) {
    this.#scope = scope;
    this.#prefix = `portal ${scope} `;
    this.#stores = stores;
  }

  /**
   * Finds what is kept under an address: of the page the version in use; of any other file any version, for its name
   * changes with its content.
   *
   * @param url - The address, with its fragment or without.
   * @returns The answer; undefined if nothing is kept.
   */
  async find(url: string): Promise<Response | undefined> {
    const { caches } = this.#stores;
    const address = url.replace(/#.*$/, '');
    const current = await this.#current();
    if (current === undefined) return undefined;
    const newest = await (await caches.open(this.#prefix + current)).match(address);
    if (newest !== undefined || address === this.#scope) return newest;
    for (const name of await this.#versions()) {
      const found = await (await caches.open(name)).match(address);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /**
   * Fetches the page, and if it is another than the one in use, all of its files; then it is the one in use.
   *
   * @returns SHA-256 of the page, in hexadecimal, if it is another one; undefined if it is the same.
   * @throws TypeError if a file is missing or differs from its pin, or without a network; then nothing changes.
   */
  async takeNewest(): Promise<string | undefined> {
    const taken = this.#taking.then(async () => await this.#take());
    this.#taking = taken.catch(() => undefined);
    return await taken;
  }

  async #take(): Promise<string | undefined> {
    const { caches, fetch } = this.#stores;
    const page = await fetch(this.#scope, { cache: 'no-store' });
    const bytes = await page.clone().arrayBuffer();
    const pins = portalPins(new TextDecoder().decode(bytes));
    if (!page.ok || page.redirected || pins === undefined) throw new TypeError('no portal there');
    const version = hexadecimal(await crypto.subtle.digest('SHA-256', bytes));
    const before = await this.#current();
    const kept = await caches.open(this.#prefix + version);
    if (version === before && (await kept.match(this.#scope)) !== undefined) return undefined;
    try {
      for (const [path, integrity] of pins) {
        if (NOT_KEPT.test(path)) continue;
        const url = new URL(path, this.#scope).href;
        const file = await fetch(url, { integrity, redirect: 'error' });
        if (!file.ok) throw new TypeError(`the file ${path} is not there`);
        await kept.put(url, file);
      }
      await kept.put(this.#scope, page);
      await (await this.#pointer()).put(this.#scope, new Response(version));
    } catch (error) {
      await caches.delete(this.#prefix + version);
      throw error;
    }
    for (const name of await this.#versions()) {
      if (name !== this.#prefix + version && name !== this.#prefix + String(before))
        await caches.delete(name);
    }
    return version;
  }

  /** The cache that names the version in use, so that a version counts only once it is whole. */
  async #pointer(): Promise<Cache> {
    return await this.#stores.caches.open(`portal of ${this.#scope}`);
  }

  async #current(): Promise<string | undefined> {
    return await (await (await this.#pointer()).match(this.#scope))?.text();
  }

  async #versions(): Promise<readonly string[]> {
    return (await this.#stores.caches.keys()).filter((name) => name.startsWith(this.#prefix));
  }
}

function hexadecimal(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
