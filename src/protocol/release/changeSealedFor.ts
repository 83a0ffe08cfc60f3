import type { GroupPort } from '../../crypto/threshold/GroupPort.ts';
import { isSealFor, type SealLabel } from '../../crypto/threshold/releaseSeal.ts';
import type { Handle } from '../ids.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import type { ChannelKey } from './releaseKeyOf.ts';
import { takeoverOf, viewIdentity } from './viewIdentity.ts';

/** The seal of a state that was sealed ahead. */
export interface StateSeal extends Pick<SealLabel, 'encapsulation'> {
  readonly seal: Uint8Array;
}

/**
 * Returns the change of a patient's key that a state was sealed ahead for: the given one or an earlier one, since whoever has the key can seal for a
 * recovery that is stopped later.
 *
 * @param context - The pinned network file, and arithmetic of the group.
 * @param key - Release key that the seal names.
 * @param change - The chart, and the number of the latest change that counts.
 * @param found - The seal; not trusted.
 * @returns Undefined if it was sealed for another chart, or for no such change.
 */
export function changeSealedFor(
  { network, group }: { readonly network: NetworkFile; readonly group: GroupPort },
  key: ChannelKey,
  { handle, upTo }: { readonly handle: Handle; readonly upTo: number },
  { encapsulation, seal }: StateSeal,
): number | undefined {
  for (let number = upTo; number > 0; number -= 1) {
    const identity = viewIdentity(network, key, takeoverOf(handle, number));
    if (isSealFor(group, { keyId: key.id, identity, encapsulation }, seal)) return number;
  }
  return undefined;
}
