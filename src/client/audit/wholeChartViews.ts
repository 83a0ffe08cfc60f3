import type { Body } from '../../protocol/evidence.ts';
import type { Address } from '../../protocol/ids.ts';
import { erasesVersion } from '../../protocol/erasesVersion.ts';
import type { Erase, Write } from '../../protocol/requests.ts';
import { acceptedPairs } from '../../protocol/viewSet.ts';
import type { AuditEvent } from './Audit.ts';
import { writtenVersionOf } from './viewedRecords.ts';

/** Seconds between two views that may belong to one reading of a chart: it is read in views of 1,024 versions at most. */
const TOGETHER = 600;

/** An accepted event of an audit. */
type Accepted = AuditEvent & { readonly body: Body };

/**
 * Returns the views of several records by which somebody read the whole chart: the newest version of each record that was on it then, in one
 * view or in some that follow each other.
 *
 * @param events - Of all logs of an audit.
 * @example
 * ```ts
 * const { logs } = await readAudit(patient);
 * for (const { log, index } of wholeChartViews(logs.flatMap(({ events }) => events)))
 *   console.log(`${log} #${index}: the whole chart`);
 * ```
 */
export function wholeChartViews(events: readonly AuditEvent[]): ReadonlySet<AuditEvent> {
  const accepted = events.filter((event): event is Accepted => {
    return event.body?.flag === 'A' && event.fault === undefined;
  });
  const whole = new Set<AuditEvent>();
  for (const reading of readingsIn(accepted.filter(({ body }) => isSet(body)))) {
    const [first] = reading;
    if (first === undefined) continue;
    const newest = newestBefore(accepted, first);
    const read = new Set(reading.flatMap(versionsOf));
    const isWhole = newest.length > 1 && newest.every((version) => read.has(version));
    if (isWhole) for (const event of reading) whole.add(event);
  }
  return whole;
}

/** Views of one party that follow each other. */
function readingsIn(sets: readonly Accepted[]): readonly (readonly Accepted[])[] {
  const readings: Accepted[][] = [];
  const last = new Map<Address, Accepted[]>();
  for (const set of sets.toSorted((one, other) => one.body.at - other.body.at)) {
    const { party } = set.body.request;
    const open = last.get(party);
    const before = open?.at(-1);
    if (open !== undefined && before !== undefined && set.body.at - before.body.at <= TOGETHER) {
      open.push(set);
    } else {
      const reading = [set];
      last.set(party, reading);
      readings.push(reading);
    }
  }
  return readings;
}

/** Names of the newest versions that were on the chart before an event, without those that were erased by then. */
function newestBefore(accepted: readonly Accepted[], event: Accepted): readonly string[] {
  const newest = new Map<string, Write>();
  const erases: Erase[] = [];
  for (const each of accepted) {
    const { type, message } = each.body.request;
    if (!isBefore(each, event)) continue;
    if (type === 'Erase') erases.push(message as Erase);
    if (type !== 'Write') continue;
    const write = message as Write;
    const known = newest.get(write.record);
    if (known === undefined || known.version < write.version) newest.set(write.record, write);
  }
  return [...newest.values()]
    .filter((write) => !erases.some((erase) => erasesVersion(erase, write)))
    .map(writtenVersionOf);
}

function isBefore(one: Accepted, other: Accepted): boolean {
  if (one.body.at !== other.body.at) return one.body.at < other.body.at;
  return one.log !== other.log || one.index < other.index;
}

/** Names of the versions that a view released, as far as they are known. */
function versionsOf({ body, pairs = [] }: Accepted): readonly string[] {
  return acceptedPairs(pairs, body.left).flatMap((pair) =>
    'record' in pair ? [writtenVersionOf(pair)] : [],
  );
}

function isSet({ request }: Body): boolean {
  return request.type === 'ViewSet';
}
