import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { PayloadCipher } from '../../crypto/sealing/PayloadCipher.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { exactJson } from '../../fhir/exactJson.ts';
import { bundleToSeal, type ReadingsOf } from '../../fhir/sensors/bundleOfReadings.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { readingsRoot } from '../../protocol/sensors/readingsRoot.ts';
import type { DeviceKeys } from '../../protocol/sensors/requireDeviceKeys.ts';
import type { ReadingsHeader } from '../../protocol/sensors/ReadingsHeader.ts';
import {
  signSealedReadings,
  type MessageSigned,
  type UnsignedReadings,
} from '../../protocol/sensors/signReadings.ts';
import type { SigningContext } from '../../protocol/signing.ts';

/** A batch that a device in software seals. */
export interface ReadingsToSeal extends ReadingsOf {
  /** The statement without what follows from readings and keys; its clock is set. */
  readonly about: Omit<UnsignedReadings, 'grant'>;
  /** The readings, each a line of JSON. */
  readonly lines: readonly string[];
}

/**
 * Seals a batch of readings as a device does: one FHIR bundle as an age file to the patient's present epoch, which neither
 * broker nor gateway opens, under a statement that names file and epoch.
 *
 * @param context - Hashes and the curve, and a fast cipher if there is one.
 * @param signingKey - The device's key, 32 bytes.
 * @param keys - Of `requireDeviceKeys`: the right, and whom to seal to.
 * @param batch - The batch.
 * @throws MedsealError `READINGS_INVALID` if a line is not a reading of the batch's time.
 * @example
 * ```ts
 * const keys = requireDeviceKeys(patient.primitives, pin, wanted, told);
 * const { digest: id } = await sealReadings(patient, signingKey, keys, readings);
 * console.log(`${id} is sealed to epoch ${keys.epoch}`);
 * ```
 */
export async function sealReadings(
  { primitives, cipher }: Pick<SigningContext, 'primitives'> & { readonly cipher?: PayloadCipher },
  signingKey: Uint8Array,
  { grant, epoch, recipient }: Pick<DeviceKeys, 'grant' | 'epoch' | 'recipient'>,
  { about, lines, handle, device }: ReadingsToSeal,
): Promise<MessageSigned> {
  const root = readingsRoot(primitives, lines);
  const header: ReadingsHeader = { ...about, grant, count: lines.length, root, file: ZERO32 };
  const bundle = bundleToSeal(primitives, header, lines, { handle, device });
  const sealed = await sealBytes([recipient], utf8ToBytes(exactJson(bundle)), {
    ...(cipher && { cipher }),
  });
  const file = bytesToHex(primitives.sha256(sealed));
  return signSealedReadings({ primitives }, signingKey, { ...header, file, epoch }, sealed);
}
