import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Sha256 } from '../../crypto/merkle/Sha256.ts';
import type { Address, Bytes32, Hex } from '../ids.ts';
import type { SigningContext } from '../struct/signing.ts';
import { isSignedBy } from './isSignedBy.ts';

const LABEL = utf8ToBytes('medseal/hello/1');

/** Words that a device says of itself, under its signature. */
export interface DeviceAnnounced {
  /** Model as its maker calls it; empty if it does not say. */
  readonly model: string;
  /** Serial number; empty if it does not say. */
  readonly serial: string;
  /** 65 bytes: r ‖ s ‖ v over `helloDigest`, by the device's key. */
  readonly signature: Hex;
}

/**
 * Returns what a device signs to announce itself: SHA-256 over the label `medseal/hello/1`, the 20 bytes of its address,
 * and the SHA-256 of its model and of its serial number.
 *
 * @param primitives - For SHA-256.
 * @param hello - The announcement.
 */
export function helloDigest(
  { sha256 }: Pick<Sha256, 'sha256'>,
  {
    device,
    model,
    serial,
  }: Pick<DeviceAnnounced, 'model' | 'serial'> & { readonly device: Address },
): Bytes32 {
  const parts = [model, serial].map((text) => sha256(utf8ToBytes(text)));
  return bytesToHex(sha256(concatBytes(LABEL, hexToBytes(device), ...parts)));
}

/**
 * Tells whether a device signed what is said of it.
 *
 * @param context - SHA-256 and the curve.
 * @param device - Address of the device.
 * @param announced - Not trusted.
 */
export function isAnnounced(
  context: Pick<SigningContext, 'primitives'>,
  device: Address,
  { signature, ...named }: DeviceAnnounced,
): boolean {
  const digest = helloDigest(context.primitives, { device, ...named });
  return isSignedBy(context, device, digest, signature);
}
