import type { Primitives } from '../../crypto/Primitives.ts';
import { provePair, type PairInSet } from '../../protocol/release/releasedView.ts';
import type { ViewSet } from '../../protocol/struct/requests.ts';
import type { ViewPair } from '../../protocol/evidence/viewSet.ts';
import type { AuditEvent } from './Audit.ts';

/**
 * Returns a record version of a view of several with the proof that the view names it, to be shown to others.
 *
 * @param primitives - SHA-256.
 * @param event - An event of the audit.
 * @param wanted - The record version (`viewedRecords`).
 * @returns Undefined if the event is not such a view, or its list does not name the version.
 * @example
 * ```ts
 * const audit = await examineAudit(patient);
 * for (const event of audit.logs.flatMap(({ events }) => events)) {
 *   const pair = pairOfEvent(patient.primitives, event, record);
 *   const entry = entryOfEvent(audit, event);
 *   if (pair !== undefined && entry !== undefined)
 *     await reportMistake(patient, { entry, pair, words: 'Why did you open this?' });
 * }
 * ```
 */
export function pairOfEvent(
  primitives: Pick<Primitives, 'sha256'>,
  { body, fault, pairs = [] }: AuditEvent,
  { record, version }: ViewPair,
): PairInSet | undefined {
  if (body?.request.type !== 'ViewSet' || fault !== undefined) return undefined;
  const { salt } = body.request.message as ViewSet;
  const nth = pairs.findIndex(
    (pair) => 'record' in pair && pair.record === record && pair.version === version,
  );
  if (nth < 0) return undefined;
  return { record, version, nth, proof: provePair(primitives, salt, pairs, nth) };
}
