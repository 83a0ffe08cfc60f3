import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Sha256 } from '../../crypto/merkle/Sha256.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { ADDRESS, OneOf, SIGNATURE } from '../../protocol/findShapeError.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { Of } from '../../protocol/Of.ts';
import { parseJsonOf } from '../../protocol/parseJsonOf.ts';
import { recoverSigner, type SigningContext } from '../../protocol/signing.ts';

const LABEL = utf8ToBytes('medseal/hello/1');
const LONGEST = 1024;

/** A device's announcement to its gateway. */
export const DEVICE_HELLO = {
  format: new OneOf('medseal-hello/1'),
  device: ADDRESS,
  /** Model as its maker calls it, at most 64 printable characters of ASCII. */
  model: /^[ -~]{0,64}$/,
  /** Serial number, at most 64 printable characters of ASCII. */
  serial: /^[ -~]{0,64}$/,
  /** 65 bytes: r ‖ s ‖ v over `helloDigest`, by the device's key. */
  signature: SIGNATURE,
} as const;
export type DeviceHello = Of<typeof DEVICE_HELLO>;

/**
 * Returns what a device signs to announce itself: SHA-256 over the label `medseal/hello/1`, the 20 bytes of its address,
 * and the SHA-256 of its model and of its serial number.
 *
 * @param primitives - For SHA-256.
 * @param hello - The announcement.
 */
export function helloDigest(
  { sha256 }: Pick<Sha256, 'sha256'>,
  { device, model, serial }: Pick<DeviceHello, 'device' | 'model' | 'serial'>,
): Bytes32 {
  const parts = [model, serial].map((text) => sha256(utf8ToBytes(text)));
  return bytesToHex(sha256(concatBytes(LABEL, hexToBytes(device), ...parts)));
}

/**
 * Parses a device's announcement and verifies that the device signed it.
 *
 * @param context - SHA-256 and the curve.
 * @param text - JSON; not trusted.
 * @throws MedsealError `READINGS_INVALID`.
 */
export function parseDeviceHello(
  context: Pick<SigningContext, 'primitives'>,
  text: string,
): DeviceHello {
  if (text.length > LONGEST) throw invalid();
  const hello: DeviceHello = parseJsonOf(DEVICE_HELLO, text, invalid);
  if (signerOf(context, hello) !== hello.device) throw invalid();
  return hello;
}

function invalid(): MedsealError {
  return new MedsealError('READINGS_INVALID', { what: 'hello' });
}

function signerOf(
  context: Pick<SigningContext, 'primitives'>,
  hello: DeviceHello,
): Address | undefined {
  try {
    return recoverSigner(context, helloDigest(context.primitives, hello), hello.signature);
  } catch (error) {
    if (!isMedsealError(error, 'SIGNATURE_INVALID')) throw error;
    return undefined;
  }
}
