import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Party } from '../party/Party.ts';
import { forgetKept } from './keptIndex.ts';

/**
 * Has a device delete what it keeps under a right, once it hears that the right, or its party, is over; and a record, once it
 * hears that the patient erased it.
 *
 * @param party - The device.
 * @param relied - Digest of the grant, and the sealed file that was asked for, if it was one.
 * @param error - Answer to a request that relied on it.
 */
export async function hearEnd(
  party: Pick<Party, 'device' | 'clock'>,
  { grant, file }: { readonly grant?: Bytes32; readonly file?: Bytes32 },
  error: unknown,
): Promise<void> {
  const isSuspended = isMedsealError(error, 'PARTY_SUSPENDED');
  const isEnded = isMedsealError(error, 'RIGHT_ENDED');
  const isErased = isMedsealError(error, 'RECORD_ERASED');
  if (!isSuspended && !isEnded && !isErased) return;
  // The request was refused, even if the device cannot delete now.
  await forgetKept(
    party,
    (kept) => isSuspended || (isEnded && kept.grant === grant) || (isErased && kept.file === file),
  ).catch(() => undefined);
}
