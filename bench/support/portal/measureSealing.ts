import { stat } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import type { RunningPortal } from '../../../portal/test/startPortal.ts';
import { enterAs } from '../../../portal/test/walkthrough.ts';
import { portableSha256 } from '../../../src/crypto/portableSha256.ts';
import { portableCipher } from '../../../src/crypto/sealing/portableCipher.ts';
import { lookAtBrowsers } from './lookAtBrowsers.ts';

/** Milliseconds between two looks at the browser's processes. */
const LOOK = 100;
/** Bytes that one call of the references takes: the chunk of the age format. */
const CHUNK = 65_536;
/** Milliseconds for which a worker lives on, so that its last processor time is seen. */
const AFTER = 3 * LOOK;

/** Time that a job of the page's workers took, milliseconds, by its kind. */
type JobTimes = Record<string, number>;

/**
 * Adds a file at the page, and tells how long its workers took and how much memory the browser gained meanwhile, beside
 * the same in JavaScript on one thread.
 *
 * @param page - A page of a browser that has no other.
 * @param portal - The demonstration.
 * @param file - The file.
 */
export async function measureSealing(
  page: Page,
  portal: RunningPortal,
  file: string,
): Promise<Readonly<Record<string, number>>> {
  const { size } = await stat(file);
  await page.addInitScript(timeWorkers, AFTER);
  await enterAs(page, portal.url, 'hospital', 'Ana Ferreira');
  await page.evaluate(() => (location.hash = '#/add'));
  await page.getByLabel('Photo, PDF or another file').setInputFiles(file);
  const reference = onOneThread(size);
  const before = lookAtBrowsers().memory;
  let most = before;
  const workers = new Map<string, number>();
  const timer = setInterval(() => {
    const { memory, workers: now } = lookAtBrowsers();
    most = Math.max(most, memory);
    for (const [thread, time] of now) workers.set(thread, time);
  }, LOOK);
  await page.getByRole('button', { name: 'Seal and add' }).click();
  await page.getByText('is among your records.').waitFor({ timeout: 600_000 });
  clearInterval(timer);
  const times = await page.evaluate(() => (globalThis as unknown as { jobs: JobTimes }).jobs);
  const rate = (milliseconds = Number.NaN): number => Math.round(size / 1000 / milliseconds);
  const busiest = Math.max(...workers.values());
  return {
    'sealing in the page’s workers, MB/s': rate(times['seal']),
    'the same by processor time of the busier worker, MB/s': rate(busiest),
    'ChaCha20-Poly1305, then SHA-256, in JavaScript on one thread, MB/s': rate(reference),
    'memory that the browser gained, MB': Math.round((most - before) / 1e6),
  };
}

/** Processor time that this thread takes for what the workers do between them, milliseconds. */
function onOneThread(size: number): number {
  const keyed = portableCipher.under(new Uint8Array(32));
  const [nonce, piece] = [new Uint8Array(12), new Uint8Array(CHUNK)];
  const sealed = new Uint8Array(CHUNK + 16);
  const hashing = portableSha256();
  const { user, system } = process.threadCpuUsage();
  for (let at = 0; at < size; at += CHUNK) {
    keyed.seal(nonce, piece, sealed);
    hashing.update(sealed);
  }
  const after = process.threadCpuUsage();
  return (after.user + after.system - user - system) / 1000;
}

/** Runs in the page before its code: notes when a worker gets a job and when it says that it is done. */
function timeWorkers(after: number): void {
  const jobs: JobTimes = {};
  Object.assign(globalThis, { jobs });
  const { Worker: Real } = globalThis;
  globalThis.Worker = class extends Real {
    override postMessage(job: { kind: string }, ...rest: never[]): void {
      const begun = performance.now();
      this.addEventListener('message', ({ data }: MessageEvent<{ state: string }>) => {
        if (data.state === 'done') jobs[job.kind] = performance.now() - begun;
      });
      super.postMessage(job, ...rest);
    }

    override terminate(): void {
      setTimeout(() => super.terminate(), after);
    }
  };
}
