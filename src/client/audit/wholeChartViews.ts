import type { Body } from '../../protocol/evidence/evidence.ts';
import type { Address } from '../../protocol/ids.ts';
import { erasesVersion } from '../../protocol/rights/erasesVersion.ts';
import { askedView } from '../../protocol/evidence/askedView.ts';
import type { Erase, Write } from '../../protocol/struct/requests.ts';
import { acceptedPairs } from '../../protocol/evidence/viewSet.ts';
import type { AuditEvent } from './Audit.ts';
import { writtenVersionOf } from './viewedRecords.ts';

/** Seconds between two views that may belong to one reading of a chart: it is read in views of 1,024 versions at most. */
const TOGETHER = 600;

/** An accepted event of an audit. */
type Accepted = AuditEvent & { readonly body: Body };

/**
 * Returns the views of records by which somebody read the whole chart: the newest version of each record that was on it then, in one view
 * or in some that follow each other, be they of several records or of one.
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
  const chart = chartOver(accepted);
  const views = readingsIn(accepted.filter(isOfRecords)).flatMap((reading) => {
    const last = new Map(reading.flatMap((view, nth) => versionsOf(view).map((of) => [of, nth])));
    return reading.map((view, from) => ({ view, reading, from, last }));
  });
  // A reading may begin at any view: what was read before the chart changed is not of the chart that is read now.
  for (const { view, reading, from, last } of views.toSorted(byTime)) {
    if (whole.has(view)) continue;
    const isRead = chart.isRead(view, (version) => (last.get(version) ?? -1) >= from);
    if (isRead) for (const each of reading.slice(from)) whole.add(each);
  }
  return whole;
}

function byTime(one: { readonly view: Accepted }, other: { readonly view: Accepted }): number {
  return one.view.body.at - other.view.body.at;
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

/** Tells of one view after the other if the newest version of each record that was on the chart then was read. */
interface Chart {
  isRead(view: Accepted, read: (version: string) => boolean): boolean;
}

/** Follows the chart through its writes and erases: each is taken in once, however many views there are. */
function chartOver(accepted: readonly Accepted[]): Chart {
  const changes = accepted
    .filter(({ body }) => ['Write', 'Erase'].includes(body.request.type))
    .toSorted((one, other) => one.body.at - other.body.at);
  const newest = new Map<string, Write>();
  const erases: Erase[] = [];
  let taken = 0;
  const take = (into: Map<string, Write>, erased: Erase[], { body }: Accepted): void => {
    const { type, message } = body.request;
    if (type === 'Erase') {
      erased.push(message as Erase);
      return;
    }
    const write = message as Write;
    const known = into.get(write.record);
    if (known === undefined || known.version < write.version) into.set(write.record, write);
  };
  return {
    isRead(view, read) {
      const { at } = view.body;
      for (let next = changes[taken]; next !== undefined && next.body.at < at;) {
        take(newest, erases, next);
        taken += 1;
        next = changes[taken];
      }
      // Those of its own second are in order within its log alone.
      const beside: Accepted[] = [];
      for (let nth = taken; changes[nth]?.body.at === at; nth += 1) {
        const change = changes[nth];
        if (change !== undefined && isBefore(change, view)) beside.push(change);
      }
      const writes = beside.length === 0 ? newest : new Map(newest);
      const erased = beside.length === 0 ? erases : [...erases];
      for (const each of beside) take(writes, erased, each);
      let count = 0;
      for (const write of writes.values()) {
        const isListed = read(writtenVersionOf(write));
        if (isListed && count > 1) continue;
        if (erased.some((erase) => erasesVersion(erase, write))) continue;
        // Most views are of a part: the first record that they lack ends it.
        if (!isListed) return false;
        count += 1;
      }
      return count > 1;
    },
  };
}

function isBefore(one: Accepted, other: Accepted): boolean {
  if (one.body.at !== other.body.at) return one.body.at < other.body.at;
  return one.log !== other.log || one.index < other.index;
}

/** Names of the versions that a view released, as far as they are known. */
function versionsOf({ body, pairs = [] }: Accepted): readonly string[] {
  const view = askedView(body.request);
  if (view !== undefined) return [writtenVersionOf(view)];
  return acceptedPairs(pairs, body.left).flatMap((pair) =>
    'record' in pair ? [writtenVersionOf(pair)] : [],
  );
}

function isOfRecords({ body: { request } }: Accepted): boolean {
  return request.type === 'ViewSet' || askedView(request)?.what === 'record';
}
