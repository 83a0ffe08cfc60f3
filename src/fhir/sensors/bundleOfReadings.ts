import type { Binary, Bundle, Device, Observation, Reference, Resource } from '@medplum/fhirtypes';
import { bytesToBase64 } from '../../crypto/base64.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Sha256 } from '../../crypto/merkle/Sha256.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address, Bytes32, Handle } from '../../protocol/ids.ts';
import { parseReadingsMessage } from '../../protocol/sensors/parseReadingsMessage.ts';
import type { DeviceAnnounced } from '../../protocol/sensors/helloDigest.ts';
import { unsealedDigest } from '../../protocol/sensors/readingsDigest.ts';
import { requireLines } from '../../protocol/sensors/requireLines.ts';
import type { ReadingsHeader } from '../../protocol/sensors/ReadingsHeader.ts';
import { collectionOf } from '../collectionOf.ts';
import { MEDSEAL_SYSTEMS } from '../medsealSystems.ts';
import { deviceResourceOf } from './deviceResourceOf.ts';
import { exactReadings } from './exactReadings.ts';
import { coincidentTime, observationsOfReadings } from './observationsOfReadings.ts';

/** Media type of a message of a device. */
export const READINGS_TYPE = 'application/x-ndjson';
/** Last moment that FHIR can write, in Unix milliseconds. */
const LAST = Date.UTC(9999, 11, 31);

/** The device and the patient that a batch is of. */
export interface ReadingsOf {
  /** The patient. */
  readonly handle: Handle;
  /** The device: the address that signed, and model and serial number as it signed them, if it announced itself. */
  readonly device: { readonly address: Address; readonly announced?: DeviceAnnounced };
}

/** A batch that a gateway took. */
export interface ReadingsTaken extends ReadingsOf {
  /** Moment at which the gateway took the message, Unix milliseconds: it dates readings of a device without a clock. */
  readonly takenAt: number;
}

/** A resource of a batch's bundle. */
export type ReadingsResource = Binary | Device | Observation;

/**
 * Makes the FHIR R4 bundle of a batch of readings that a gateway seals: a Binary with the message as its device sent it,
 * the Device, and an Observation for each reading. The same message gives the same bundle.
 *
 * @param primitives - For SHA-256.
 * @param message - The message's bytes, as the device sent them.
 * @param taken - Patient, device and moment.
 * @throws MedsealError `REQUEST_TOO_LARGE`; `READINGS_INVALID`, also if the device sealed the batch itself.
 */
export function bundleOfReadings(
  primitives: Sha256,
  message: Uint8Array,
  { takenAt, ...taken }: ReadingsTaken,
): Bundle<ReadingsResource> {
  const { header, lines } = parseReadingsMessage(primitives, message);
  if (lines === undefined) throw new MedsealError('READINGS_INVALID', { what: 'sealed readings' });
  return bundleOf(primitives, { header, lines, kept: message, takenAt }, taken);
}

/**
 * Makes the FHIR R4 bundle that a device seals: the same, but that its Binary holds the lines of the readings alone. The
 * statement that the device signs then names the sealed file, so it cannot lie in there.
 *
 * @param primitives - For SHA-256.
 * @param header - Statement of the batch; its file and epoch make no difference.
 * @param lines - The readings.
 * @param of - Patient and device.
 * @throws MedsealError `READINGS_INVALID`.
 */
export function bundleToSeal(
  primitives: Sha256,
  header: ReadingsHeader,
  lines: readonly string[],
  of: ReadingsOf,
): Bundle<ReadingsResource> {
  requireLines(primitives, lines, header);
  const kept = utf8ToBytes([...lines, ''].join('\n'));
  return bundleOf(primitives, { header, lines, kept, sealer: 'sealed-by-device' }, of);
}

/** A batch, with what its Binary keeps of it. */
interface BatchKept {
  readonly header: ReadingsHeader;
  readonly lines: readonly string[];
  readonly kept: Uint8Array;
  readonly takenAt?: number;
  readonly sealer?: 'sealed-by-gateway' | 'sealed-by-device';
}

function bundleOf(
  primitives: Sha256,
  { header, lines, kept, takenAt = header.end, sealer = 'sealed-by-gateway' }: BatchKept,
  { handle, device }: ReadingsOf,
): Bundle<ReadingsResource> {
  const digest = unsealedDigest(primitives, header);
  const nameOf = (place: string): Bytes32 =>
    bytesToHex(primitives.sha256(utf8ToBytes(`${digest}/${place}`)));
  const readings = exactReadings(header, lines);
  const binary: Binary = {
    resourceType: 'Binary',
    contentType: READINGS_TYPE,
    data: bytesToBase64(kept),
  };
  const codes = readings.map(({ code }) => code);
  const bound = { ...device, grant: header.grant, handle, codes };
  const described = deviceResourceOf(primitives, bound);
  const named: { readonly hash: Bytes32; readonly resource: ReadingsResource }[] = [
    { hash: nameOf('message'), resource: binary },
    { hash: nameOf('device'), resource: described },
  ];
  const references = collectionOf([...named, { hash: nameOf('time'), resource: described }]);
  const [, deviceUrl, timeUrl] = (references.entry ?? []).map(({ fullUrl }) => fullUrl);
  const by = {
    subject: { identifier: { system: MEDSEAL_SYSTEMS.handle, value: handle } },
    device: referenceTo<Device>(deviceUrl),
  };
  const unset = header.clock === 'unset';
  const times = { device: header.end, gateway: takenAt };
  if (unset) named.push({ hash: nameOf('time'), resource: coincidentTime(times, by) });
  const observations = observationsOfReadings(readings, {
    ...by,
    momentOf: momentIn(header, takenAt),
    ...(unset && { coincident: referenceTo(timeUrl) }),
  });
  for (const [place, resource] of observations.entries()) {
    named.push({ hash: nameOf(String(place)), resource });
  }
  const { resourceType, type, entry } = collectionOf(named);
  return {
    resourceType,
    meta: { tag: [{ system: MEDSEAL_SYSTEMS.readings, code: sealer }] },
    identifier: { system: MEDSEAL_SYSTEMS.readings, value: digest },
    type,
    ...(entry && { entry }),
  };
}

/**
 * Returns the function that gives a time of a batch in Unix milliseconds. If the device did not know the time, its batch
 * is taken to have ended when the gateway took it: a reading may be older, never newer.
 *
 * @param header - Statement of the batch.
 * @param takenAt - Moment at which the gateway took the message, Unix milliseconds.
 */
export function momentIn(
  { clock, end }: Pick<ReadingsHeader, 'clock' | 'end'>,
  takenAt: number,
): (at: number) => number {
  return (at) => {
    const moment = clock === 'set' ? at : takenAt - (end - at);
    if (Math.abs(moment) > LAST) throw new MedsealError('READINGS_INVALID', { what: 'time' });
    return moment;
  };
}

function referenceTo<To extends Resource>(reference: string | undefined): Reference<To> {
  return { ...(reference !== undefined && { reference }) };
}
