import { browserFault } from './browserFault.ts';
import type { WorkerJob, WorkerResults, WorkerReport } from './WorkerJob.ts';
import { startWorker } from './startWorker.ts';
// oxlint-disable-next-line import/default -- the build gives the address of the file
import built from './worker.ts?worker&url';

/** Options of `runInWorker`. */
export interface WorkerOptions {
  /** Ends the job. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of bytes of the file that are done. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Does a job in a worker of its own, which is ended with it.
 *
 * @param job - The job.
 * @param options - Ends it early, and hears of its progress.
 * @throws MedsealError `DEVICE_FULL` if the browser's storage is full; `FILE_CHANGED` if the file changed or went away
 * since it was chosen. DOMException `AbortError` if it was ended early.
 */
export async function runInWorker<Kind extends WorkerJob['kind']>(
  job: Extract<WorkerJob, { readonly kind: Kind }>,
  { signal, onBytes }: WorkerOptions = {},
): Promise<WorkerResults[Kind]> {
  signal?.throwIfAborted();
  const worker = await startWorker(built);
  try {
    return await new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
      worker.addEventListener('error', ({ message }) => reject(new Error(message)));
      worker.addEventListener('message', ({ data }: MessageEvent<WorkerReport>) => {
        if (data.state === 'working') onBytes?.(data.bytes);
        else if (data.state === 'done') resolve(data.result as WorkerResults[Kind]);
        else reject(browserFault(data.error));
      });
      signal?.throwIfAborted();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
      worker.postMessage(job);
    });
  } finally {
    worker.terminate();
  }
}
