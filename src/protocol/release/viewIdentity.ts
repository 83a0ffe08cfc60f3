import { hexToBytes } from '../../crypto/bytes.ts';
import { takeoverIdentity } from '../../crypto/threshold/takeoverIdentity.ts';
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
