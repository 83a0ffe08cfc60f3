import type { Binary, Bundle, Device, Observation } from '@medplum/fhirtypes';
import { base64ToBytes } from '../../crypto/base64.ts';
import { bytesToUtf8 } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { findShapeError, SIGNATURE } from '../../protocol/wire/findShapeError.ts';
import type { Address, Handle, Hex } from '../../protocol/ids.ts';
import { isAnnounced, type DeviceAnnounced } from '../../protocol/sensors/helloDigest.ts';
import { isSealedByDevice } from '../../protocol/sensors/isSealedByDevice.ts';
import { parseReadingsMessage } from '../../protocol/sensors/parseReadingsMessage.ts';
import { readingsDigest } from '../../protocol/sensors/readingsDigest.ts';
import type { ReadingsHeader } from '../../protocol/sensors/ReadingsHeader.ts';
import { requireLines } from '../../protocol/sensors/requireLines.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import { exactJson } from '../exactJson.ts';
import { MEDSEAL_SYSTEMS } from '../medsealSystems.ts';
import { parseFhirJson } from '../parseFhirJson.ts';
import { bundleOfReadings, bundleToSeal, READINGS_TYPE } from './bundleOfReadings.ts';

/** A batch, as the record of it holds it. */
export interface ReadingsHeld {
  /** The message as the device sent it; of a batch that the device sealed, the lines alone. */
  readonly bytes: Uint8Array;
  /** The readings, as the device signed them. */
  readonly lines: readonly string[];
  /** Moment at which the gateway says that it took the message, Unix milliseconds; present if the device had no clock. */
  readonly takenAt?: number;
  /**
   * True if the bundle is not the one that follows from what the device signed: whoever wrote the record added, left out
   * or changed something in it. Only the lines count.
   */
  readonly altered: boolean;
}

/** The batch that a record must hold. */
export interface ReadingsExpected {
  readonly handle: Handle;
  /** Address that signed the statement. */
  readonly device: Address;
  /** Statement that the record's entry carries. */
  readonly header: ReadingsHeader;
}

/**
 * Reads the batch in a record: the readings as its device signed them. They are taken from the lines alone; all else in
 * the record is compared with what follows from them, never believed.
 *
 * @param primitives - For SHA-256 and the curve.
 * @param content - The opened record; not trusted.
 * @param expected - The batch that its entry states.
 * @throws MedsealError `FHIR_INVALID` if it is not JSON; `READINGS_INVALID` if it does not hold that batch.
 */
export function readingsInBundle(
  primitives: SigningContext['primitives'],
  content: Uint8Array,
  { handle, device, header }: ReadingsExpected,
): ReadingsHeld {
  const bundle = parseFhirJson(content);
  const resources = resourcesIn(bundle);
  const bytes = keptIn(resources);
  const announced = announcedIn(primitives, device, resources);
  const of = { handle, device: { address: device, ...(announced && { announced }) } };
  if (isSealedByDevice(header)) {
    const lines = linesIn(bytes);
    requireLines(primitives, lines, header);
    const own = bundleToSeal(primitives, header, lines, of);
    return { bytes, lines, altered: exactJson(bundle) !== exactJson(own) };
  }
  const message = parseReadingsMessage(primitives, bytes);
  if (readingsDigest(primitives, message.header) !== readingsDigest(primitives, header)) {
    throw invalid('statement');
  }
  const takenAt = header.clock === 'unset' ? timeIn(resources) : undefined;
  const own = bundleOfReadings(primitives, bytes, { ...of, takenAt: takenAt ?? 0 });
  const { lines = [] } = message;
  const altered = exactJson(bundle) !== exactJson(own);
  return { bytes, lines, altered, ...(takenAt !== undefined && { takenAt }) };
}

interface Typed {
  readonly resourceType?: unknown;
}

function resourcesIn(value: unknown): readonly Typed[] {
  const entries = (value as Partial<Bundle> | null)?.entry;
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry) => (entry as { resource?: Typed } | null)?.resource ?? []);
}

/** The bytes that the bundle keeps of what the device sent. */
function keptIn(resources: readonly Typed[]): Uint8Array {
  const found = resources.filter(
    (each) =>
      each.resourceType === 'Binary' && (each as Partial<Binary>).contentType === READINGS_TYPE,
  );
  const [binary, ...more] = found as Partial<Binary>[];
  if (typeof binary?.data !== 'string' || more.length > 0) throw invalid('message');
  const bytes = base64ToBytes(binary.data);
  if (bytes === undefined) throw invalid('message');
  return bytes;
}

function linesIn(bytes: Uint8Array): readonly string[] {
  try {
    const lines = bytesToUtf8(bytes).split('\n');
    if (lines.at(-1) === '') lines.pop();
    return lines;
  } catch {
    throw invalid('text');
  }
}

/** Model and serial number of the Device, if the device signed them. */
function announcedIn(
  primitives: SigningContext['primitives'],
  address: Address,
  resources: readonly Typed[],
): DeviceAnnounced | undefined {
  const found = resources.find(({ resourceType }) => resourceType === 'Device');
  const { extension, modelNumber, serialNumber } = (found ?? {}) as Partial<Device>;
  const [first] = Array.isArray(extension) ? extension : [];
  const signature = first?.url === MEDSEAL_SYSTEMS.announcement ? first.valueString : undefined;
  if (findShapeError(SIGNATURE, signature, 'signature') !== undefined) return undefined;
  const announced = {
    model: wordOf(modelNumber),
    serial: wordOf(serialNumber),
    signature: signature as Hex,
  };
  return isAnnounced({ primitives }, address, announced) ? announced : undefined;
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The moment of the Observation of both clocks, which is the first if there is one. */
function timeIn(resources: readonly Typed[]): number {
  const first = resources.find(({ resourceType }) => resourceType === 'Observation');
  const time = (first as Partial<Observation> | undefined)?.effectiveDateTime;
  const moment = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  if (Number.isNaN(moment)) throw invalid('time');
  return moment;
}

function invalid(what: string): MedsealError {
  return new MedsealError('READINGS_INVALID', { what });
}
