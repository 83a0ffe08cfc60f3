import { MedsealError } from '../../errors/MedsealError.ts';
import { ADDRESS, OneOf, SIGNATURE } from '../../protocol/wire/findShapeError.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { parseJsonOf } from '../../protocol/wire/parseJsonOf.ts';
import { isAnnounced } from '../../protocol/sensors/helloDigest.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';

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
  if (!isAnnounced(context, hello.device, hello)) throw invalid();
  return hello;
}

function invalid(): MedsealError {
  return new MedsealError('READINGS_INVALID', { what: 'hello' });
}
