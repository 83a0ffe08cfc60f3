import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Party } from '../party/Party.ts';
import { forgetKept } from './keptIndex.ts';

/**
 * Has a device delete what it keeps under a right, once it hears that the right, or its party, is over.
 *
 * @param party - The device.
 * @param grant - Digest of the grant.
 * @param error - Answer to a request that relied on it.
 */
export async function hearEnd(
  party: Pick<Party, 'device' | 'clock'>,
  grant: Bytes32,
  error: unknown,
): Promise<void> {
  const isSuspended = isMedsealError(error, 'PARTY_SUSPENDED');
  if (!isSuspended && !isMedsealError(error, 'RIGHT_ENDED')) return;
  // The request was refused, even if the device cannot delete now.
  await forgetKept(party, (kept) => isSuspended || kept.grant === grant).catch(() => undefined);
}
