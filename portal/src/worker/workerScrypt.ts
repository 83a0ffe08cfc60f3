import type { Scrypt } from '../../../src/crypto/keys/Scrypt.ts';
import { runInWorker } from './runInWorker.ts';

/** scrypt in a worker: a passphrase takes a second of the processor, and the page answers its visitor meanwhile. */
export const workerScrypt: Scrypt = async (password, salt, workFactor) =>
  await runInWorker({ kind: 'scrypt', password, salt, workFactor });
