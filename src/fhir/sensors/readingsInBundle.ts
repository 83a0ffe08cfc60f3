import type { Binary, Bundle, Observation } from '@medplum/fhirtypes';
import type { Sha256 } from '../../crypto/merkle/Sha256.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address, Handle } from '../../protocol/ids.ts';
import { parseReadingsMessage } from '../../protocol/sensors/parseReadingsMessage.ts';
import { readingsDigest } from '../../protocol/sensors/readingsDigest.ts';
import type { ReadingsHeader } from '../../protocol/sensors/ReadingsHeader.ts';
import type { ReadingsMessage } from '../../protocol/sensors/ReadingsMessage.ts';
import { exactJson } from '../exactJson.ts';
import { parseFhirJson } from '../parseFhirJson.ts';
import { bundleOfReadings, READINGS_TYPE } from './bundleOfReadings.ts';

/** A batch, as the record of it holds it. */
export interface ReadingsHeld {
  /** The message's bytes, as the device sent them. */
  readonly bytes: Uint8Array;
  /** The same, parsed: with the lines, or with the file that the device sealed. */
  readonly message: ReadingsMessage;
  /** Moment at which the gateway says that it took the message, Unix milliseconds; present if the device had no clock. */
  readonly takenAt?: number;
  /**
   * True if the bundle's Observations are not those of the signed lines: whoever wrote the record added, left out or
   * changed some. Only the lines count.
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
 * Reads the batch in a record: the message as its device signed it. Readings are taken from its lines alone; Observations
 * beside them are compared, never believed.
 *
 * @param primitives - For SHA-256.
 * @param content - The opened record; not trusted.
 * @param expected - The batch that its entry states.
 * @throws MedsealError `FHIR_INVALID` if it is not JSON; `READINGS_INVALID` if it does not hold that batch.
 */
export function readingsInBundle(
  primitives: Sha256,
  content: Uint8Array,
  { handle, device, header }: ReadingsExpected,
): ReadingsHeld {
  const resources = resourcesIn(parseFhirJson(content));
  const bytes = messageIn(resources);
  const message = parseReadingsMessage(primitives, bytes);
  if (readingsDigest(primitives, message.header) !== readingsDigest(primitives, header)) {
    throw new MedsealError('READINGS_INVALID', { what: 'statement' });
  }
  const observations = resources.filter(isObservation);
  const takenAt = header.clock === 'unset' ? timeIn(observations) : undefined;
  const own = bundleOfReadings(primitives, bytes, {
    handle,
    device: { address: device },
    takenAt: takenAt ?? 0,
  });
  const signed = resourcesIn(own).filter(isObservation);
  const altered = exactJson(observations) !== exactJson(signed);
  return { bytes, message, altered, ...(takenAt !== undefined && { takenAt }) };
}

interface Typed {
  readonly resourceType?: unknown;
}

function resourcesIn(value: unknown): readonly Typed[] {
  const entries = (value as Partial<Bundle> | null)?.entry;
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry) => (entry as { resource?: Typed } | null)?.resource ?? []);
}

function isObservation(resource: Typed): boolean {
  return resource.resourceType === 'Observation';
}

function messageIn(resources: readonly Typed[]): Uint8Array {
  const found = resources.filter(
    (each) =>
      each.resourceType === 'Binary' && (each as Partial<Binary>).contentType === READINGS_TYPE,
  );
  const [binary, ...more] = found as Partial<Binary>[];
  if (typeof binary?.data !== 'string' || more.length > 0) throw invalid('message');
  try {
    return Uint8Array.from(atob(binary.data), (each) => each.charCodeAt(0));
  } catch {
    throw invalid('message');
  }
}

/** The moment of the Observation of both clocks, which is the first if there is one. */
function timeIn(observations: readonly Typed[]): number {
  const time = (observations[0] as Partial<Observation> | undefined)?.effectiveDateTime;
  const moment = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  if (Number.isNaN(moment)) throw invalid('time');
  return moment;
}

function invalid(what: string): MedsealError {
  return new MedsealError('READINGS_INVALID', { what });
}
