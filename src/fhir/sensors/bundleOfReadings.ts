import type { Binary, Bundle, Device, Observation, Reference, Resource } from '@medplum/fhirtypes';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Sha256 } from '../../crypto/merkle/Sha256.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address, Bytes32, Handle } from '../../protocol/ids.ts';
import { parseReadingsMessage } from '../../protocol/sensors/parseReadingsMessage.ts';
import { readingsDigest } from '../../protocol/sensors/readingsDigest.ts';
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
export interface ReadingsTaken {
  /** The patient. */
  readonly handle: Handle;
  /** The device: the address that signed, and its model and serial number if they are known. */
  readonly device: {
    readonly address: Address;
    readonly model?: string;
    readonly serial?: string;
  };
  /** Moment at which the gateway took the message, Unix milliseconds: it dates readings of a device without a clock. */
  readonly takenAt: number;
}

/** A resource of a batch's bundle. */
export type ReadingsResource = Binary | Device | Observation;

/**
 * Makes the FHIR R4 bundle of a batch of readings: a Binary with the message as its device sent it, the Device, and,
 * unless the device sealed the readings, an Observation for each. The same message gives the same bundle.
 *
 * @param primitives - For SHA-256.
 * @param message - The message's bytes, as the device sent them.
 * @param taken - Patient, device and moment.
 * @throws MedsealError `REQUEST_TOO_LARGE`; `READINGS_INVALID`.
 */
export function bundleOfReadings(
  primitives: Sha256,
  message: Uint8Array,
  { handle, device, takenAt }: ReadingsTaken,
): Bundle<ReadingsResource> {
  const { header, lines } = parseReadingsMessage(primitives, message);
  const digest = readingsDigest(primitives, header);
  const nameOf = (place: string): Bytes32 =>
    bytesToHex(primitives.sha256(utf8ToBytes(`${digest}/${place}`)));
  const binary: Binary = {
    resourceType: 'Binary',
    contentType: READINGS_TYPE,
    data: base64Of(message),
  };
  const described = deviceResourceOf({ ...device, grant: header.grant, handle });
  const named: { readonly hash: Bytes32; readonly resource: ReadingsResource }[] = [
    { hash: nameOf('message'), resource: binary },
    { hash: nameOf('device'), resource: described },
  ];
  if (lines !== undefined) {
    const references = collectionOf([...named, { hash: nameOf('time'), resource: described }]);
    const [, deviceUrl, timeUrl] = (references.entry ?? []).map(({ fullUrl }) => fullUrl);
    const by = {
      subject: { identifier: { system: MEDSEAL_SYSTEMS.handle, value: handle } },
      device: referenceTo<Device>(deviceUrl),
    };
    const unset = header.clock === 'unset';
    const times = { device: header.end, gateway: takenAt };
    const momentOf = momentIn(header, takenAt);
    if (unset) named.push({ hash: nameOf('time'), resource: coincidentTime(times, by) });
    const observations = observationsOfReadings(exactReadings(header, lines), {
      ...by,
      momentOf,
      ...(unset && { coincident: referenceTo(timeUrl) }),
    });
    for (const [place, resource] of observations.entries()) {
      named.push({ hash: nameOf(String(place)), resource });
    }
  }
  const { resourceType, type, entry } = collectionOf(named);
  const sealer = lines === undefined ? 'sealed-by-device' : 'sealed-by-gateway';
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

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
}
