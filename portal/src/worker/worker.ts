import type { WorkerReport } from './WorkerJob.ts';
import { isJob, runJob } from './runJob.ts';

function tell(told: WorkerReport): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's page is of its origin
  self.postMessage(told);
}

/** The worker's entry: it does one job and is ended then, so that its memory goes with it. */
self.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (!isJob(event.data)) return;
  runJob(event.data, (bytes) => tell({ state: 'working', bytes })).then(
    (result) => tell({ state: 'done', result }),
    (error: unknown) => tell({ state: 'failed', error }),
  );
});
