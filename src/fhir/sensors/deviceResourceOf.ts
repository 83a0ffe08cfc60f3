import type { Coding, Device } from '@medplum/fhirtypes';
import type { Sha256 } from '../../crypto/merkle/Sha256.ts';
import type { Address, Bytes32, Handle } from '../../protocol/ids.ts';
import { deviceIdOf } from '../../protocol/sensors/deviceIdOf.ts';
import type { DeviceAnnounced } from '../../protocol/sensors/helloDigest.ts';
import { MEDSEAL_SYSTEMS } from '../medsealSystems.ts';
import { MDC } from './mdcCodes.ts';

/** A device that is bound to a patient, as FHIR tells of it. */
export interface DeviceDescribed {
  /** Address of the device's key. */
  readonly address: Address;
  /** Digest of the right that binds it. */
  readonly grant: Bytes32;
  /** The patient. */
  readonly handle: Handle;
  /** Model and serial number under the device's signature; absent if it has not announced itself. */
  readonly announced?: DeviceAnnounced;
  /** MDC codes of the readings. */
  readonly codes: readonly number[];
}

const PULSE_OXIMETER = { code: '528388', display: 'MDC_DEV_SPEC_PROFILE_PULS_OXIM' };
const BLOOD_PRESSURE = { code: '528391', display: 'MDC_DEV_SPEC_PROFILE_BP' };
const THERMOMETER = { code: '528392', display: 'MDC_DEV_SPEC_PROFILE_TEMP' };
const GENERIC = { code: '528457', display: 'MDC_DEV_SPEC_PROFILE_GENERIC' };
/** The standard's kind of device, by code of what it measures. */
const KINDS: ReadonlyMap<number, Coding> = new Map([
  [149_530, PULSE_OXIMETER],
  [150_452, PULSE_OXIMETER],
  [150_456, PULSE_OXIMETER],
  [149_546, BLOOD_PRESSURE],
  [150_021, BLOOD_PRESSURE],
  [150_022, BLOOD_PRESSURE],
  [150_023, BLOOD_PRESSURE],
  [150_364, THERMOMETER],
]);

/**
 * A FHIR R4 Device in the shape of the guide Personal Health Device (PhdDevice): address and device id, the right that
 * binds it, the patient, the kinds that its readings show, and model and serial number with the device's signature over
 * them. All of it follows from what the device signed.
 *
 * @param primitives - For SHA-256.
 * @param described - The device and its binding.
 */
export function deviceResourceOf(
  primitives: Sha256,
  { address, grant, handle, announced, codes }: DeviceDescribed,
): Device {
  const { model = '', serial = '' } = announced ?? {};
  const kinds = new Set(codes.map((code) => KINDS.get(code) ?? GENERIC));
  return {
    resourceType: 'Device',
    ...(announced && {
      extension: [{ url: MEDSEAL_SYSTEMS.announcement, valueString: announced.signature }],
    }),
    identifier: [
      { system: MEDSEAL_SYSTEMS.device, value: address },
      { system: MEDSEAL_SYSTEMS.deviceId, value: deviceIdOf(primitives, address) },
      { system: MEDSEAL_SYSTEMS.grant, value: grant },
    ],
    status: 'active',
    type: { coding: [{ system: MDC, code: '65573', display: 'MDC_MOC_VMS_MDS_SIMP' }] },
    specialization: [...kinds].map((coding) => ({
      systemType: { coding: [{ system: MDC, ...coding }] },
    })),
    ...(serial !== '' && { serialNumber: serial }),
    ...(model !== '' && {
      modelNumber: model,
      deviceName: [{ name: model, type: 'model-name' as const }],
    }),
    patient: { identifier: { system: MEDSEAL_SYSTEMS.handle, value: handle } },
  };
}
