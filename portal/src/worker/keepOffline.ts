import { verifiedCode, workerUrl } from './workerUrl.ts';

/** The service worker's code. */
const WORKER = './worker.js';

/**
 * Has the browser keep the portal, so that it opens without a network from the next time on. A node whose worker is another
 * than the page pins gets none registered. The browser fetches the worker by itself once more: see docs/why/decisions/the-portals-code.md.
 *
 * @param onNewer - Called with the SHA-256 of the page when a newer version is there, which opens at the next load.
 * @param drawn - Ends once the first screen is drawn: the worker's code and all that it keeps come after that.
 * @returns False if the browser cannot or may not keep it; the portal works without that.
 */
export async function keepOffline(
  onNewer: (sha256: string) => void,
  drawn: Promise<void>,
): Promise<boolean> {
  const { serviceWorker } = navigator as { readonly serviceWorker?: ServiceWorkerContainer };
  if (serviceWorker === undefined) return false;
  serviceWorker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const { portal } = Object(data) as { readonly portal?: unknown };
    if (typeof portal === 'string') onNewer(portal);
  });
  await drawn;
  try {
    // A worker in control would answer with what it keeps.
    if (serviceWorker.controller === null) await verifiedCode(WORKER);
    await serviceWorker.register(workerUrl(WORKER), { updateViaCache: 'none' });
    return true;
  } catch {
    return false;
  }
}
