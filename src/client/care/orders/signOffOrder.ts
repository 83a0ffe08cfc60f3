import { bytesToHex, utf8ToBytes } from '../../../crypto/bytes.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { encodePart } from '../../../fhir/encodePart.ts';
import { FORM_CATEGORIES } from '../../../fhir/forms/formNames.ts';
import { makeSignOff, type RecordSeen } from '../../../fhir/orders/signOff.ts';
import { partOfResource } from '../../../fhir/partOfResource.ts';
import { seconds } from '../../../protocol/Clock.ts';
import { canonicalJson } from '../../../protocol/wire/canonicalJson.ts';
import type { RecordId } from '../../../protocol/ids.ts';
import { rightFor } from '../../party/knownRights.ts';
import type { Party } from '../../party/Party.ts';
import { addedBefore, forgetAdded, nameOfContent } from '../../records/addedOnce.ts';
import { addRecord } from '../../records/addRecord.ts';
import type { LoggedVersion } from '../../records/logVersion.ts';
import { noteRead } from './noteRead.ts';
import { openOrder, requireUnreadNamed, unreadLeft, type OrderPlace } from './openOrder.ts';
import { covers, LARGEST_SIGN_OFF } from './readOrders.ts';
import type { ReportFound } from './reportsOfOrders.ts';

/** Most bytes of a sign-off: sealed and padded, it must not be larger than what readers of orders open. */
const LARGEST_PLAIN = (LARGEST_SIGN_OFF * 7) / 8;

/** Reports that whoever ordered has seen. */
export interface NewSignOff extends OrderPlace {
  /** Each report with its results, in the versions that were shown. */
  readonly seen: readonly (RecordSeen & Pick<ReportFound, 'resultsOf'>)[];
  /** Records that may be reports or results of the order, that cannot be read now, and that were named to whoever signs. */
  readonly unread?: readonly RecordSeen[];
}

/**
 * Signs off the results of an order of the party’s own: a record beside the order, in evidence, that says which reports and results were
 * seen, in which versions. A report waits again after it, or one of its results, was corrected or a result was withdrawn. A file that is lost
 * does not hold an order up for ever: whoever ordered may sign off and name what could not be read; once it can be read, it waits. Safe to
 * repeat; a sign-off that was erased, or cannot be read, is signed once more.
 *
 * @param party - Whoever ordered.
 * @param signOff - Order and reports.
 * @throws MedsealError `ARGUMENT_INVALID` if nothing was seen, a report does not answer the order, a result is not one of its report, or they are too many at once; `ORDER_CLOSED` if somebody else
 * ordered, or a record that may be its report or result cannot be read now and is not named, or more than 100; `RIGHT_MISSING`, `RIGHT_ENDED`; what `addRecord` throws.
 * @example
 * ```ts
 * for (const kept of await ordersKept(doctor)) {
 *   const { order } = await openOrder(doctor, kept);
 *   if (order.toSignOff.length > 0) await signOffOrder(doctor, { ...kept, seen: order.toSignOff });
 * }
 * ```
 */
export async function signOffOrder(party: Party, signOff: NewSignOff): Promise<LoggedVersion> {
  const { handle, record } = signOff;
  const shown = signOff.seen;
  const seen = [...versionsOf(shown)].map(([each, version]) => ({ record: each, version }));
  const opened = await openOrder(party, { handle, record });
  const { order } = opened;
  if (order.orderer !== party.address) {
    throw new MedsealError('ORDER_CLOSED', { how: 'only whoever ordered signs its results off' });
  }
  const unread = unreadLeft(order, opened.unread).map(({ record: each, version }) => {
    return { record: each, version };
  });
  requireUnreadNamed(unread, signOff.unread ?? []);
  const isOf = (one: NewSignOff['seen'][number]): boolean => {
    const report = order.reports.find((each) => each.record === one.record);
    if (report === undefined || report.version < one.version) return false;
    // A later version of the report may have other results; it waits in any case.
    if (report.version > one.version) return true;
    const results = versionsOf(report.resultsOf);
    return one.resultsOf.every((each) => (results.get(each.record) ?? 0) >= each.version);
  };
  if (shown.length === 0 || !shown.every(isOf)) {
    const reason = 'name the reports of the order that were seen, with their results and versions';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'seen', reason });
  }
  const category = FORM_CATEGORIES.order;
  const right = await rightFor(party, { handle, action: 'add', category });
  if (right === undefined) throw new MedsealError('RIGHT_MISSING', {});
  const { grant } = right;
  const { purpose } = grant.terms;
  const made = makeSignOff(
    { party: party.address, at: seconds(party.clock), purpose },
    { order: record, seen, unread },
  );
  const content = encodePart(partOfResource(bytesToHex(party.random(16)), category, made));
  if (content.length > LARGEST_PLAIN) {
    const reason = 'sign off fewer reports at once';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'seen', reason });
  }
  const about = { order: record, seen, ...(unread.length > 0 && { unread }) };
  const name = utf8ToBytes(canonicalJson(about));
  const once = await nameOfContent(party, handle, [name], 'sign-off');
  const before = await addedBefore(party, once);
  const isThere = opened.chart.records.some((each) => each.record === before?.record);
  const isWaiting = order.toSignOff.some((each) => covers(seen, each));
  // The former one was erased, or its file is lost: it counts for nothing.
  if (before !== undefined && isThere && isWaiting) await forgetAdded(party, before.record);
  const added = await addRecord(party, {
    handle,
    category,
    purpose,
    grant,
    content,
    once,
  });
  const passedOver = [...order.passedOver, ...unread];
  const toSignOff = order.toSignOff.filter((each) => !covers(seen, each));
  await noteRead(party, opened, { ...order, toSignOff, passedOver });
  return added;
}

/** The records of reports and results, each with the lowest version that was shown. */
function versionsOf(
  shown: readonly (RecordSeen & Partial<Pick<ReportFound, 'resultsOf'>>)[],
): ReadonlyMap<RecordId, number> {
  const versions = new Map<RecordId, number>();
  for (const { record, version } of shown.flatMap((each) => [each, ...(each.resultsOf ?? [])])) {
    versions.set(record, Math.min(version, versions.get(record) ?? version));
  }
  return versions;
}
