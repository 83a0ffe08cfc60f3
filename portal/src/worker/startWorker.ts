// oxlint-disable-next-line import/default -- the build gives the address of the file
import built from './worker.ts?worker&url';
import { verifiedUrl, workerUrl } from './workerUrl.ts';

let code: Promise<string> | undefined;

/**
 * Starts a worker whose code is the one that the page pins.
 *
 * @throws TypeError if the code differs, or did not come.
 */
export async function startWorker(): Promise<Worker> {
  // The page names files from its own address on.
  const path = new URL(built, document.baseURI).href.replace(
    new URL('.', document.baseURI).href,
    './',
  );
  code ??= verifiedUrl(path);
  try {
    return new Worker(workerUrl(await code));
  } catch (error) {
    code = undefined;
    throw error;
  }
}
