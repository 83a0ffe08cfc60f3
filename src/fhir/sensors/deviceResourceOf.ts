import type { Device } from '@medplum/fhirtypes';
import type { Address, Bytes32, Handle } from '../../protocol/ids.ts';
import { MEDSEAL_SYSTEMS } from '../medsealSystems.ts';

/** A device that is bound to a patient, as FHIR tells of it. */
export interface DeviceDescribed {
  /** Address of the device's key. */
  readonly address: Address;
  /** Digest of the right that binds it. */
  readonly grant: Bytes32;
  /** The patient. */
  readonly handle: Handle;
  /** Model, in its maker's words. */
  readonly model?: string;
  /** Serial number that its maker gave it. */
  readonly serial?: string;
}

/**
 * A FHIR R4 Device: the address of its key, the right that binds it, the patient, model and serial number.
 *
 * @param described - The device and its binding.
 */
export function deviceResourceOf({
  address,
  grant,
  handle,
  model,
  serial,
}: DeviceDescribed): Device {
  return {
    resourceType: 'Device',
    identifier: [
      { system: MEDSEAL_SYSTEMS.device, value: address },
      { system: MEDSEAL_SYSTEMS.grant, value: grant },
    ],
    status: 'active',
    ...(serial !== undefined && { serialNumber: serial }),
    ...(model !== undefined && { deviceName: [{ name: model, type: 'model-name' }] }),
    patient: { identifier: { system: MEDSEAL_SYSTEMS.handle, value: handle } },
  };
}
