import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address } from '../ids.ts';

/** A device, as its code names it. */
export interface DeviceNamed {
  /** Address of the key that was made on the device. */
  readonly address: Address;
  /** Model, in its maker's words. */
  readonly model?: string;
  /** Serial number that its maker gave it. */
  readonly serial?: string;
}

const FORM =
  /^medseal-device:1:(?<address>0x[0-9a-f]{40})(?::(?<model>[^:]*)(?::(?<serial>[^:]*))?)?$/;
/** Most characters of a model or a serial number. */
const LONGEST = 64;

/**
 * Writes the code that a device shows as text or as a QR code: `medseal-device:1:<address>[:model[:serial]]`, with model
 * and serial number in percent-encoding.
 *
 * @param device - The device.
 * @example
 * ```ts
 * for (const { device } of await listDevices(patient)) {
 *   if (device !== undefined) console.log(formatDeviceCode(device));
 * }
 * ```
 */
export function formatDeviceCode({ address, model = '', serial = '' }: DeviceNamed): string {
  const further = [model, serial].map(encodeURIComponent);
  while (further.at(-1) === '') further.pop();
  return ['medseal-device', '1', address, ...further].join(':');
}

/**
 * Parses the code that a device shows, or its address alone.
 *
 * @param text - Text that was scanned or typed; not trusted.
 * @throws MedsealError `ARGUMENT_INVALID`.
 * @example
 * ```ts
 * const { address, model = 'a device' } = parseDeviceCode(scanned);
 * console.log(`${model}: ${shortCodeOf(patient.primitives, address)}`);
 * ```
 */
export function parseDeviceCode(text: string): DeviceNamed {
  const given = text.trim();
  const groups = FORM.exec(
    /^0x/i.test(given) ? `medseal-device:1:${given.toLowerCase()}` : given,
  )?.groups;
  const address = groups?.['address'];
  if (address === undefined) throw invalid();
  const [model, serial] = [wordOf(groups?.['model']), wordOf(groups?.['serial'])];
  return {
    address: address as Address,
    ...(model !== '' && { model }),
    ...(serial !== '' && { serial }),
  };
}

function wordOf(encoded = ''): string {
  let word: string;
  try {
    word = decodeURIComponent(encoded);
  } catch {
    throw invalid();
  }
  if (word.length > LONGEST || !word.isWellFormed() || /\p{Cc}/u.test(word)) throw invalid();
  return word;
}

function invalid(): MedsealError {
  const reason = 'must be the code that the device shows, such as medseal-device:1:0x…';
  return new MedsealError('ARGUMENT_INVALID', { argument: 'device', reason });
}
