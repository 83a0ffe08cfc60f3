import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { helloDigest } from '../../protocol/sensors/helloDigest.ts';
import type { DeviceHello } from '../gateway/DeviceHello.ts';

/**
 * Signs a device's announcement to its gateway.
 *
 * @param primitives - SHA-256 and the curve.
 * @param signingKey - The device's, 32 bytes.
 * @param named - Address, model and serial number.
 * @returns The announcement in JSON.
 */
export function signHello(
  primitives: Primitives,
  signingKey: Uint8Array,
  named: Pick<DeviceHello, 'device' | 'model' | 'serial'>,
): string {
  const digest = hexToBytes(helloDigest(primitives, named));
  const signature = bytesToHex(primitives.sign(digest, signingKey));
  return JSON.stringify({ format: 'medseal-hello/1', ...named, signature });
}
