import { pairingIn } from '../../../src/client/pairing/pairingIn.ts';
import { loadNoblePairing } from '../../../src/crypto/threshold/loadNoblePairing.ts';
import type { AsyncPairing } from '../../../src/crypto/threshold/PairingPort.ts';
// oxlint-disable-next-line import/default -- the build gives the address of the file
import built from './pairingWorker.ts?worker&url';
import { startWorker } from './startWorker.ts';

interface Running {
  readonly worker: Worker;
  readonly pairing: AsyncPairing;
}

let running: Promise<Running> | undefined;

/**
 * Loads pairing arithmetic in a worker, one for the page, when the first guarded record is sealed or opened. If the worker does
 * not start, the page computes by itself; the next record tries the worker again.
 */
export async function loadWorkerPairing(): Promise<AsyncPairing> {
  running ??= begin();
  try {
    return (await running).pairing;
  } catch {
    running = undefined;
    return await loadNoblePairing();
  }
}

/** Ends the worker, and with it what its memory holds. */
export function endPairing(): void {
  running?.then(
    ({ worker }) => worker.terminate(),
    () => undefined,
  );
  running = undefined;
}

async function begin(): Promise<Running> {
  const worker = await startWorker(built);
  worker.addEventListener('error', endPairing);
  return { worker, pairing: await pairingIn(worker) };
}
