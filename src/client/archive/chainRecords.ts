import type { AuditEvent } from '../audit/Audit.ts';
import { erasesVersion } from '../../protocol/rights/erasesVersion.ts';
import { pairName } from '../../protocol/evidence/viewSet.ts';
import type { Erase, Write } from '../../protocol/struct/requests.ts';
import { recordFolder, type ChainRecord } from './archivePaths.ts';

/** The record versions of a chain. */
export interface ChainRecords {
  /** Those that were not erased, oldest first. */
  readonly standing: readonly ChainRecord[];
  /** Those that the patient erased. */
  readonly erased: readonly ChainRecord[];
}

/**
 * Lists the record versions that a chain has, in one order that everybody finds: by time, then by log and place.
 *
 * @param events - Events of all logs; those with a fault do not count.
 */
export function chainRecords(events: readonly AuditEvent[]): ChainRecords {
  const erasures: Erase[] = [];
  const writes: { readonly write: Write; readonly at: number; readonly event: AuditEvent }[] = [];
  for (const event of events) {
    const { body, fault } = event;
    if (body?.flag !== 'A' || fault !== undefined) continue;
    const { type, message } = body.request;
    if (type === 'Erase') erasures.push(message as Erase);
    if (type === 'Write') writes.push({ write: message as Write, at: body.at, event });
  }
  const ordered = writes.toSorted(
    (one, other) =>
      one.at - other.at ||
      (one.event.log < other.event.log ? -1 : one.event.log > other.event.log ? 1 : 0) ||
      one.event.index - other.event.index,
  );
  const first = new Map<string, ChainRecord>();
  for (const { write, at, event } of ordered) {
    const name = pairName(write);
    if (first.has(name)) continue;
    const { entry } = event;
    first.set(name, { write, at, entry, folder: recordFolder(write, at, first.size + 1) });
  }
  const isErased = ({ write }: ChainRecord): boolean =>
    erasures.some((erase) => erasesVersion(erase, write));
  const all = [...first.values()];
  return { standing: all.filter((each) => !isErased(each)), erased: all.filter(isErased) };
}
