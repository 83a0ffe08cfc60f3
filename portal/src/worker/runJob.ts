import { portableScrypt } from '../../../src/crypto/keys/portableScrypt.ts';
import { portableSha256 } from '../../../src/crypto/portableSha256.ts';
import { portableCipher } from '../../../src/crypto/sealing/portableCipher.ts';
import { PayloadStream } from '../../../src/crypto/sealing/PayloadStream.ts';
import type { WorkerJob, WorkerResults } from './WorkerJob.ts';
import { openSealedFile } from './openSealedFile.ts';
import { piecesOf } from './piecesOf.ts';

/**
 * Does a job.
 *
 * @param job - The job.
 * @param onBytes - Called with the number of bytes of the file that are done.
 * @throws DOMException `NotReadableError` if the file changed since it was chosen; `QuotaExceededError` if the browser's
 * storage is full.
 */
export async function runJob(
  job: WorkerJob,
  onBytes: (bytes: number) => void,
): Promise<WorkerResults[WorkerJob['kind']]> {
  if (job.kind === 'seal') return await seal(job, onBytes);
  const { password, salt, workFactor } = job;
  return await portableScrypt(password, salt, workFactor);
}

/** Tells whether a message is a job. */
export function isJob(message: unknown): message is WorkerJob {
  return typeof message === 'object' && message !== null && 'kind' in message;
}

async function seal(
  { blob, head, key, name }: Extract<WorkerJob, { kind: 'seal' }>,
  onBytes: (bytes: number) => void,
): Promise<WorkerResults['seal']> {
  const hashing = portableSha256();
  const payload = PayloadStream.sealing(portableCipher, key, { reuse: true });
  const file = await openSealedFile(name);
  const write = (piece: Uint8Array): void => {
    hashing.update(piece);
    file.write(piece);
  };
  try {
    write(head);
    let bytes = 0;
    for await (const piece of piecesOf(blob)) {
      for (const sealed of payload.push(piece)) write(sealed);
      onBytes((bytes += piece.length));
    }
    write(payload.end());
    const kept = await file.end();
    return { hash: hashing.digest(), ...(kept && { blob: kept }) };
  } catch (error) {
    await file.drop();
    throw error;
  } finally {
    key.fill(0);
  }
}
