import type { Grant } from '../../protocol/struct/requests.ts';
import type { DeviceNamed } from '../../protocol/sensors/deviceCode.ts';
import { isDeviceRight } from '../../protocol/sensors/isDeviceRight.ts';
import { shortCodeOf } from '../../protocol/sensors/shortCodeOf.ts';
import type { Party } from '../party/Party.ts';
import { listGrants, type GrantListed } from '../rights/listGrants.ts';
import { readPatientState } from '../state/PatientState.ts';

/** A device that is bound to a chart. */
export interface DeviceListed extends Pick<GrantListed, 'digest' | 'state'> {
  /** The right that binds it. */
  readonly grant: Grant;
  /** Absent if the right was given without naming the device: its id alone is in the right, as the record. */
  readonly device?: DeviceNamed;
  /** The 12 letters that the device shows; absent if the device is not named. */
  readonly shortCode?: string;
  /** The patient's own name for it; see `nameDevice`. */
  readonly name?: string;
}

/**
 * Lists the devices that are bound to a patient's chart, by the rights that nobody ended.
 *
 * @param party - The patient.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `KEY_UNAUTHENTIC`.
 * @example
 * ```ts
 * for (const { name, device, shortCode, state } of await listDevices(patient)) {
 *   console.log(`${name ?? device?.model ?? 'device'} ${shortCode ?? ''}: ${state}`);
 * }
 * ```
 */
export async function listDevices(party: Party): Promise<readonly DeviceListed[]> {
  const listed = await listGrants(party);
  const { deviceNames = {} } = await readPatientState(party);
  return listed.flatMap(({ digest, state, grant, device }) => {
    if (grant === undefined || !isDeviceRight(grant.terms)) return [];
    if (device === undefined) return [{ digest, state, grant }];
    const { [device.address]: name } = deviceNames;
    const shortCode = shortCodeOf(party.primitives, device.address);
    return [{ digest, state, grant, device, shortCode, ...(name !== undefined && { name }) }];
  });
}
