import { parentPort } from 'node:worker_threads';
import { servePairing } from '../client/pairing/servePairing.ts';
import type { LoadPairing } from '../crypto/threshold/PairingPort.ts';

/**
 * Computes pairings in this thread for the one that started it.
 *
 * @param load - Loads the arithmetic.
 */
export function serveInThread(load: LoadPairing): void {
  const end = {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port has none
    postMessage: (message: unknown): void => parentPort?.postMessage(message),
    addEventListener(
      type: 'message' | 'error',
      listener: (event: { readonly data?: unknown }) => void,
    ): void {
      if (type === 'message') parentPort?.on('message', (data: unknown) => listener({ data }));
    },
  };
  servePairing(end, load);
}
