import type { Primitives } from '../../crypto/Primitives.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { Signed, ViewSet, Write } from '../../protocol/struct/requests.ts';
import {
  acceptedPairs,
  acceptedPlaces,
  pairLeaf,
  pairName,
  type ViewPair,
} from '../../protocol/evidence/viewSet.ts';
import type { AuditEvent } from './Audit.ts';

/** A record version that a view of several records names. */
export interface ViewedRecord extends ViewPair {
  /** False if it was left out, or the whole view refused: then nothing of it was released. */
  readonly isAccepted: boolean;
  /** The request that put it on the chart, if the audit has it. */
  readonly write?: Signed<'Write'>;
  /** Organisations that say that they released its key. */
  readonly released: readonly Organisation[];
}

/** The accepted writes of an audit, by the version that each put on the chart (`writtenVersionOf`). */
export type WrittenVersions = ReadonlyMap<string, Signed<'Write'>>;

/**
 * Returns the accepted writes of an audit by their versions.
 *
 * @param events - Of all logs.
 * @example
 * ```ts
 * const { logs } = await readAudit(patient);
 * const writes = writesIn(logs.flatMap((log) => log.events));
 * for (const { message } of writes.values()) console.log(message.category, message.version);
 * ```
 */
export function writesIn(events: readonly AuditEvent[]): WrittenVersions {
  const writes = new Map<string, Signed<'Write'>>();
  for (const { body, fault } of events) {
    if (body?.flag !== 'A' || fault !== undefined || body.request.type !== 'Write') continue;
    const write = body.request as Signed<'Write'>;
    writes.set(writtenVersionOf(write.message), write);
  }
  return writes;
}

/** The key of a record version among the writes of an audit. */
export function writtenVersionOf(written: Pick<Write, 'record' | 'version'>): string {
  return pairName(written);
}

/**
 * Returns the parts of a view of several records: which it named, which of them were released, and what they are.
 *
 * @param primitives - SHA-256.
 * @param event - An event of the audit.
 * @param writes - The writes of the audit.
 * @returns Empty for any other event, and if no node gave the list; those that it does not tell are left out (`untoldRecords`).
 * @example
 * ```ts
 * const { logs } = await readAudit(patient);
 * const events = logs.flatMap((log) => log.events);
 * for (const event of events) {
 *   for (const { record, isAccepted } of viewedRecords(patient.primitives, event, writesIn(events)))
 *     console.log(record, isAccepted ? 'released' : 'left out');
 * }
 * ```
 */
export function viewedRecords(
  primitives: Pick<Primitives, 'sha256'>,
  { body, fault, pairs = [], released = [] }: AuditEvent,
  writes: WrittenVersions,
): readonly ViewedRecord[] {
  if (body?.request.type !== 'ViewSet' || fault !== undefined) return [];
  const { salt } = body.request.message as ViewSet;
  const isAccepted = acceptedPlaces(body);
  const releasedOf = Map.groupBy(released, ({ leaf }) => leaf);
  return [...pairs.entries()].flatMap(([place, pair]) => {
    if ('leaf' in pair) return [];
    const leaf = released.length === 0 ? undefined : pairLeaf(primitives, salt, pair);
    const by = (releasedOf.get(leaf) ?? []).map(({ organisation }) => organisation);
    const write = writes.get(writtenVersionOf(pair));
    return [{ ...pair, isAccepted: isAccepted(place), ...(write && { write }), released: by }];
  });
}

/**
 * Returns the number of record versions that a view of several released, and of which nobody told which they are: all that it names if
 * no node gave the list, else those of which it gave the leaf alone.
 *
 * @param event - An event of the audit.
 * @example
 * ```ts
 * const { logs } = await readAudit(patient);
 * for (const event of logs.flatMap((log) => log.events)) console.log(untoldRecords(event));
 * ```
 */
export function untoldRecords({ body, fault, pairs }: AuditEvent): number {
  if (body?.request.type !== 'ViewSet' || fault !== undefined) return 0;
  if (pairs === undefined) return (body.request.message as ViewSet).count;
  if (body.flag === 'R') return 0;
  return acceptedPairs(pairs, body.left).filter((pair) => 'leaf' in pair).length;
}

/**
 * Returns the number of record versions that a view of several names and did not get, and of which organisations know the leaf alone:
 * none that was asked has such a record.
 *
 * @param event - An event of the audit.
 */
export function unknownRecords(event: AuditEvent): number {
  const { body, fault, pairs = [] } = event;
  if (body?.request.type !== 'ViewSet' || fault !== undefined) return 0;
  return pairs.filter((pair) => 'leaf' in pair).length - untoldRecords(event);
}
