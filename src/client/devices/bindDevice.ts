import { seconds } from '../../protocol/Clock.ts';
import type { Address, RecordId } from '../../protocol/ids.ts';
import type { DeviceNamed } from '../../protocol/sensors/deviceCode.ts';
import { deviceIdOf } from '../../protocol/sensors/deviceIdOf.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import type { Party } from '../party/Party.ts';
import { addressArgument } from '../party/addressArgument.ts';
import { grantRight, type RightGiven } from '../rights/grantRight.ts';
import { standingRights } from '../rights/standingRights.ts';
import type { KnownGrant } from '../state/PatientState.ts';

/** A device that a patient binds to a chart. */
export interface NewDevice {
  /** The device, as its code names it: see `parseDeviceCode`. */
  readonly device: DeviceNamed;
  /** Party that brings its readings: the gateway of a hospital, for instance. It can read nothing. */
  readonly gateway: Address;
  /** Categories that its readings may be put in, such as `vitals`. */
  readonly categories: readonly Category[];
  /** First second at which it may measure; now if absent. */
  readonly from?: number;
  /** First second at which it may not any more. */
  readonly until: number;
}

/** A device that is bound. */
export interface DeviceBound extends Pick<KnownGrant, 'grant' | 'digest'> {
  /** Device id, which the right names as its record. */
  readonly deviceId: RecordId;
  /** True if the same right stood before. */
  readonly already: boolean;
}

/**
 * Returns the right that binds a device, to be shown before it is given.
 *
 * @param party - The patient.
 * @param asked - Device, gateway, categories and dates.
 * @throws MedsealError `ARGUMENT_INVALID`.
 * @example
 * ```ts
 * const [{ device } = {}] = await listDevices(patient);
 * const asked = { gateway: doctor.address, categories: ['vitals'], until: 1_900_000_000 } as const;
 * if (device !== undefined) console.log(rightOfDevice(patient, { device, ...asked }).record);
 * ```
 */
export function rightOfDevice(
  party: Pick<Party, 'primitives' | 'network'>,
  { device, gateway, categories, from, until }: NewDevice,
): RightGiven & { readonly record: RecordId } {
  const address = addressArgument(party, device.address, 'device');
  return {
    grantee: gateway,
    categories,
    record: deviceIdOf(party.primitives, address),
    actions: ['add'],
    purpose: 'TREAT',
    ...(from !== undefined && { from }),
    until,
    device: { ...device, address },
  };
}

/**
 * Binds a device to the patient's chart: gives a gateway the right to put on it what this device signs, and nothing else.
 * The right names the device as its one record; it holds between its dates, and ends like any other (`endDevice`). It
 * is safe to repeat.
 *
 * @param party - The patient.
 * @param asked - Device, gateway, categories and dates.
 * @returns The right. Its digest is what the device signs into each batch; the gateway finds it with its rights.
 * @throws MedsealError `ARGUMENT_INVALID`, `RIGHT_INVALID`, `RIGHT_DENIED`, `STATE_STALE`, `KEY_UNAUTHENTIC`; as
 * `grantRight` does.
 * @example
 * ```ts
 * const device = parseDeviceCode(scanned);
 * const until = Math.floor(Date.now() / 1000) + 30 * 86_400;
 * const by = { gateway: doctor.address, categories: ['vitals'], until } as const;
 * const bound = await bindDevice(patient, { device, ...by });
 * console.log(`${shortCodeOf(patient.primitives, device.address)} is bound by ${bound.digest}`);
 * ```
 */
export async function bindDevice(party: Party, asked: NewDevice): Promise<DeviceBound> {
  const right = rightOfDevice(party, asked);
  const [before] = await standingRights(party, [{ from: seconds(party.clock), ...right }]);
  const { grant, digest } = before ?? (await grantRight(party, right));
  return { grant, digest, deviceId: right.record, already: before !== undefined };
}
