import { hexToBytes } from '../../crypto/bytes.ts';
import { takeoverIdentity } from '../../crypto/threshold/takeoverIdentity.ts';
import { ZERO32, type Handle } from '../ids.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import type { View } from '../struct/requests.ts';
import type { ChannelKey } from './releaseKeyOf.ts';
import { versionIdentity } from './versionIdentity.ts';

/**
 * Tells whether shares are released for views of a kind: of a record, or of the state of a patient whose key was recovered.
 *
 * @param what - The thing that the view asks to see.
 */
export function opensByRelease(what: View['what']): what is 'record' | 'takeover' {
  return what === 'record' || what === 'takeover';
}

/** The part of a view that says which takeover it is of. */
export type TakeoverNamed = Pick<View, 'what' | 'handle' | 'record' | 'version'>;

/**
 * Returns what a view of a takeover names.
 *
 * @param handle - The chart.
 * @param version - Number of the change of key that the state was sealed ahead for.
 */
export function takeoverOf(handle: Handle, version: number): TakeoverNamed {
  return { what: 'takeover', handle, record: ZERO32, version };
}

/**
 * Returns the identity that shares are released for: that of the record version that a view names, or of the takeover.
 *
 * @param network - The network file.
 * @param key - The channel's key.
 * @param view - The view.
 */
export function viewIdentity(
  network: Pick<NetworkFile, 'networkId'>,
  key: ChannelKey,
  view: Pick<View, 'what' | 'handle' | 'record' | 'version'>,
): Uint8Array {
  const { what, handle, version: number } = view;
  if (what !== 'takeover') return versionIdentity(network, key, view);
  return takeoverIdentity({
    networkId: hexToBytes(network.networkId),
    channel: key.channel,
    keyId: key.id,
    handle: hexToBytes(handle),
    number,
  });
}
