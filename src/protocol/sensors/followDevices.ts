import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Body } from '../evidence/evidence.ts';
import { ZERO32, type Address, type Bytes32 } from '../ids.ts';
import type { SigningContext } from '../struct/signing.ts';
import { deviceOfReadings } from './deviceOfReadings.ts';
import { unsealedDigest } from './readingsDigest.ts';
import { recordOfReadings } from './recordOfReadings.ts';
import { endOfBatch, furthestBefore } from './furthestBefore.ts';
import type { ReadingsHeader, SignedReadings } from './ReadingsHeader.ts';

/** Seconds between the end of a batch and its entry after which it counts as late. */
export const READINGS_LATE = 600;

/** A batch that stands on a chart. */
export interface FollowedBatch {
  /** Id of its record (`recordOfReadings`). */
  readonly digest: Bytes32;
  readonly header: ReadingsHeader;
  /** The moment of its entry, Unix seconds. */
  readonly at: number;
  /** True if it came long after it ended; it keeps its own times. */
  readonly late: boolean;
}

/** Readings of a start of a device that are on no chart. */
export interface ReadingsGap {
  readonly boot: number;
  /** Number of the first one that is missing. */
  readonly first: number;
  readonly count: number;
}

/** All that a patient's evidence says of one device. */
export interface FollowedDevice {
  readonly device: Address;
  /** By start, and by number since that start. */
  readonly batches: readonly FollowedBatch[];
  readonly gaps: readonly ReadingsGap[];
  /** Digests of batches that follow on one that is not here. */
  readonly unlinked: readonly Bytes32[];
  /**
   * Digests of two batches that cannot both be of one device: with the same numbers, or after the same batch. Its key
   * is on a second device, or it counts wrongly.
   */
  readonly forks: readonly (readonly [Bytes32, Bytes32])[];
  /** Refusals of its batches, by code. */
  readonly refused: Readonly<Partial<Record<string, number>>>;
  /** Those refusals whose batch stands on the chart all the same, by code: it was sealed again after the patient's keys turned, for one. */
  readonly entered: Readonly<Partial<Record<string, number>>>;
}

/**
 * Tells from the entries of a chart what each device sent: its batches in their order, what is missing, and what cannot
 * be. It needs no file, for each body holds what the device signed.
 *
 * @param context - SHA-256 and the curve.
 * @param bodies - Bodies of the chart's entries, which an audit verified, in any order; those without readings are passed
 * over.
 * @returns One for each device.
 * @example
 * ```ts
 * const { logs } = await readAudit(patient);
 * const bodies = logs.flatMap(({ events }) => events.flatMap(({ body }) => body ?? []));
 * for (const { device, gaps, forks } of followDevices(patient, bodies)) {
 *   console.log(`${device}: ${gaps.length} gaps, ${forks.length} forks`);
 * }
 * ```
 */
export function followDevices(
  context: Pick<SigningContext, 'primitives'>,
  bodies: readonly Pick<Body, 'flag' | 'code' | 'at' | 'readings'>[],
): readonly FollowedDevice[] {
  const devices = new Map<Address, Map<Bytes32, FollowedBatch>>();
  const refused = new Map<Address, { readonly code: string; readonly same: Bytes32 }[]>();
  for (const { flag, code = '', at, readings } of bodies) {
    const device = readings && deviceIfSigned(context, readings);
    if (readings === undefined || device === undefined) continue;
    const { header } = readings;
    // A batch that its device sealed again, because nobody told it of the entry, is the same batch.
    const same = unsealedDigest(context.primitives, header);
    if (flag === 'R') {
      refused.set(device, [...(refused.get(device) ?? []), { code, same }]);
      continue;
    }
    const digest = recordOfReadings(context.primitives, header);
    const late = header.clock === 'set' && at - header.end / 1000 > READINGS_LATE;
    const known = devices.get(device) ?? new Map<Bytes32, FollowedBatch>();
    if (!known.has(same)) known.set(same, { digest, header, at, late });
    devices.set(device, known);
  }
  return [...new Set([...devices.keys(), ...refused.keys()])].map((device) => {
    const known = devices.get(device) ?? new Map<Bytes32, FollowedBatch>();
    const batches = [...known.values()].toSorted(inOrder);
    const all = refused.get(device) ?? [];
    const entered = all.filter(({ same }) => known.has(same));
    const counts = { refused: countsOf(all), entered: countsOf(entered) };
    return { device, batches, ...examined(batches), ...counts };
  });
}

/** Number of refusals by code. */
function countsOf(refusals: readonly { readonly code: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of refusals) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/** The device that signed; undefined if no key can have made the signature, as in a refused batch. */
function deviceIfSigned(
  context: Pick<SigningContext, 'primitives'>,
  readings: SignedReadings,
): Address | undefined {
  try {
    return deviceOfReadings(context, readings);
  } catch (error) {
    if (isMedsealError(error, 'READINGS_INVALID')) return undefined;
    throw error;
  }
}

function examined(
  batches: readonly FollowedBatch[],
): Pick<FollowedDevice, 'gaps' | 'unlinked' | 'forks'> {
  const gaps: ReadingsGap[] = [];
  const unlinked: Bytes32[] = [];
  const forks: (readonly [Bytes32, Bytes32])[] = [];
  const roots = new Set(batches.map(({ header }) => header.root));
  const followers = new Map<Bytes32, FollowedBatch>();
  const befores = furthestBefore(batches.map(({ header }) => header));
  for (const [place, batch] of batches.entries()) {
    const { boot, first, previous } = batch.header;
    const furthest = batches[befores[place] ?? -1];
    const earliest = place === 0 ? first : 0;
    const expected = furthest === undefined ? earliest : endOfBatch(furthest.header);
    if (first > expected) gaps.push({ boot, first: expected, count: first - expected });
    const overlaps = furthest !== undefined && first < expected;
    const sibling = previous === ZERO32 ? undefined : followers.get(previous);
    const other = overlaps ? furthest : sibling;
    if (other !== undefined) forks.push([other.digest, batch.digest]);
    if (previous !== ZERO32) followers.set(previous, batch);
    // The batch before the first one was of another right.
    if (place > 0 && previous !== ZERO32 && !roots.has(previous)) unlinked.push(batch.digest);
  }
  return { gaps, unlinked, forks };
}

function inOrder({ header: one }: FollowedBatch, { header: other }: FollowedBatch): number {
  return one.boot - other.boot || one.first - other.first || one.end - other.end;
}
