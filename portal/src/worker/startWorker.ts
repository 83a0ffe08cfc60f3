import { pathInPage, verifiedUrl, workerUrl } from './workerUrl.ts';

const codes = new Map<string, Promise<string>>();

/**
 * Starts a worker whose code is the one that the page pins.
 *
 * @param built - Address of the worker's file, as the build gives it.
 * @throws TypeError if the code differs, or did not come.
 */
export async function startWorker(built: string): Promise<Worker> {
  const path = pathInPage(built);
  const code = codes.get(path) ?? verifiedUrl(path);
  codes.set(path, code);
  try {
    return new Worker(workerUrl(await code));
  } catch (error) {
    codes.delete(path);
    throw error;
  }
}
