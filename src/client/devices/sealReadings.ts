import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
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
import { recordOfReadings } from '../../protocol/sensors/recordOfReadings.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import type { Party } from '../party/Party.ts';
import { sealTargets } from '../records/sealTargets.ts';

/** A batch that a device in software seals. */
export interface ReadingsToSeal extends ReadingsOf {
  /** The statement without what follows from readings and keys; its clock is set. */
  readonly about: Omit<UnsignedReadings, 'grant'>;
  /** The readings, each a line of JSON. */
  readonly lines: readonly string[];
}

/**
 * Seals a batch of readings as a device does: one FHIR bundle as an age file to the patient's present epoch, and under the
 * channel's release key if it has one, which neither
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
  context: Pick<Party, 'primitives' | 'random' | 'cipher'>,
  signingKey: Uint8Array,
  { grant, epoch, category, sheet, file: network, log }: Omit<DeviceKeys, 'network'>,
  { about, lines, handle, device }: ReadingsToSeal,
): Promise<MessageSigned> {
  const { primitives, cipher, random } = context;
  const root = readingsRoot(primitives, lines);
  const header: ReadingsHeader = { ...about, grant, count: lines.length, root, file: ZERO32 };
  const isGuarded = releaseKeyOf(network, log) !== undefined;
  const drawn = { ...header, epoch, ...(isGuarded && { salt: bytesToHex(random(16)) }) };
  const record = recordOfReadings(primitives, drawn);
  const targets = sealTargets({ ...context, network, log }, sheet, {
    handle,
    record,
    version: 1,
    category,
  });
  const bundle = bundleToSeal(primitives, header, lines, { handle, device });
  const sealed = await sealBytes(targets, utf8ToBytes(exactJson(bundle)), {
    ...(cipher && { cipher }),
  });
  const file = bytesToHex(primitives.sha256(sealed));
  return signSealedReadings({ primitives }, signingKey, { ...drawn, file }, sealed);
}
