import { codesIn } from '../../../fhir/codeOf.ts';
import { fieldOf } from '../../../fhir/fieldOf.ts';
import { FORM_CATEGORIES } from '../../../fhir/forms/formNames.ts';
import { MEDSEAL_SYSTEMS } from '../../../fhir/medsealSystems.ts';
import { identifiersIn } from '../../../fhir/orders/recordReference.ts';
import { signOffIn, type RecordSeen, type SignOff } from '../../../fhir/orders/signOff.ts';
import { isFinal, type OrderStanding } from '../../../fhir/orders/taskOfOrder.ts';
import type { Address, RecordId } from '../../../protocol/ids.ts';
import type { Party } from '../../party/Party.ts';
import { ADDRESS } from '../../../protocol/wire/findShapeError.ts';
import { isOfShape } from '../../../protocol/wire/isOfShape.ts';
import { isWithdrawn } from '../../records/isWithdrawn.ts';
import type { Chart } from '../../records/readChart.ts';
import type { ChartRecord } from '../../records/viewChart.ts';
import { openParts, type PartOpened } from './openParts.ts';
import { reportsOfOrders, SKEW, type ReportFound } from './reportsOfOrders.ts';

/** Most bytes of a sealed record that can be an order. */
const LARGEST = 64 * 2 ** 10;
/** Most bytes of a sealed record that can be its sign-off: 500 results of a report may be as many records. */
export const LARGEST_SIGN_OFF = 256 * 2 ** 10;
/** SNOMED CT: a referral, which a visit answers and no report. */
const REFERRAL = '3457005';

/** A report that answers an order. */
export interface OrderReport extends ReportFound {
  /** True if whoever ordered signed it off in this version, with each result in the version that is the newest. */
  readonly signedOff: boolean;
}

/** An order of a chart, and what became of it. */
export interface OrderRead extends OrderStanding {
  readonly reports: readonly OrderReport[];
  /** Reports that whoever ordered has not signed off: of a laboratory’s, none that its own later one replaces. */
  readonly toSignOff: readonly OrderReport[];
  /** Records that whoever ordered could not read, and named in a sign-off. */
  readonly passedOver: readonly RecordSeen[];
}

/** The orders of a chart. */
export interface OrdersRead {
  readonly orders: readonly OrderRead[];
  /** Records that may belong to them and could not be read now; erased ones are not among them. */
  readonly unread: readonly ChartRecord[];
}

/**
 * Reads the orders of a chart with their reports and sign-offs, each by whoever wrote it: an order is its orderer’s, in the newest
 * version of the orderer’s own; a report is that of the laboratory which the order names, or of any laboratory if it names none; and
 * only the orderer signs off. Nothing counts that others write in their place. Each record that is opened is a view: of one order,
 * that order, what its orderer wrote after it, and what may answer it.
 *
 * @param party - The orderer, the laboratory, or any other reader of procedures, reports and laboratory results.
 * @param chart - The chart.
 * @param wanted - Records of the orders that are wanted; all orders but withdrawn ones if absent.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`; of `readRecords`.
 * @example
 * ```ts
 * const chart = await readChart(doctor, { handle, grant, purpose: 'TREAT' });
 * const { orders } = await readOrders(doctor, chart);
 * for (const order of orders) console.log(stateOfOrder(order), order.toSignOff.length);
 * ```
 */
export async function readOrders(
  party: Party,
  chart: Chart,
  wanted?: ReadonlySet<RecordId>,
): Promise<OrdersRead> {
  if (wanted?.size === 0) return { orders: [], unread: [] };
  const unread: ChartRecord[] = [];
  const own = ownVersions(chart.records);
  const small = own.filter(({ category, size }) => {
    return category === FORM_CATEGORIES.order && size <= LARGEST_SIGN_OFF;
  });
  const asked = small.filter(({ record, size }) => {
    return size <= LARGEST && (wanted === undefined || wanted.has(record));
  });
  const signing = small.filter(({ record, author, at }) => {
    return asked.some((each) => {
      return (
        each.author === author && at >= beginningOf(chart, each) - SKEW && each.record !== record
      );
    });
  });
  const written = await openParts(party, chart, [...new Set([...asked, ...signing])], unread);
  const orders: OrderStanding[] = [];
  for (const version of asked) {
    const { record, author: orderer } = version;
    const { handle } = chart;
    const known = { handle, record, orderer, at: beginningOf(chart, version), reports: [] };
    if (await isWithdrawn(party, version)) {
      if (wanted !== undefined) orders.push({ ...known, request: undefined });
      continue;
    }
    const request = orderIn(written.get(record), orderer);
    if (request === undefined) continue;
    const [laboratory] = identifiersIn(fieldOf(request, 'performer'), MEDSEAL_SYSTEMS.party);
    // An order to something else than a party is nobody’s to answer.
    if (laboratory !== undefined && !isOfShape(ADDRESS, laboratory)) continue;
    orders.push({
      ...known,
      request,
      ...(laboratory !== undefined && { laboratory }),
    });
  }
  const reports = await reportsOfOrders(party, chart, own, orders, unread);
  return {
    unread,
    orders: orders.map((order) => {
      const answers = reports.get(order.record) ?? [];
      const signOffs = signOffsOf(order, [...written.values()]);
      const seen = signOffs.map((each) => each.seen);
      const standing = seen.filter((each) => !isOutdated(each, answers, own));
      const found = answers.map((each): OrderReport => {
        return { ...each, signedOff: standing.some((one) => covers(one, each)) };
      });
      return {
        ...order,
        reports: found,
        toSignOff: found.filter((each) => isOpen(each, found)),
        passedOver: signOffs.flatMap((each) => each.unread),
      };
    }),
  };
}

/** The sign-offs of whoever ordered. */
function signOffsOf(
  { record, orderer }: Pick<OrderStanding, 'record' | 'orderer'>,
  written: readonly PartOpened[],
): readonly Required<SignOff>[] {
  return written
    .filter(({ version }) => version.author === orderer)
    .flatMap(({ part }) => part.entries)
    .map(({ resource }) => signOffIn(resource))
    .flatMap((found) => (found?.order === record ? [found] : []));
}

/**
 * Tells whether somebody saw a report and all its results in these versions, or later ones.
 *
 * @param seen - The records that were seen.
 * @param report - The report, with its results as they were opened.
 */
export function covers(
  seen: readonly RecordSeen[],
  report: RecordSeen & Pick<ReportFound, 'resultsOf'>,
): boolean {
  return [report, ...report.resultsOf].every(({ record, version }) => {
    return seen.some((each) => each.record === record && each.version >= version);
  });
}

/** Tells whether a sign-off names a result that changed since, and that no report shows any more: one that was withdrawn. */
function isOutdated(
  seen: readonly RecordSeen[],
  reports: readonly ReportFound[],
  own: readonly ChartRecord[],
): boolean {
  const shown = new Set(
    reports.flatMap((each) => [each, ...each.resultsOf]).map(({ record }) => record),
  );
  return seen.some(({ record, version }) => {
    return (
      !shown.has(record) && own.some((each) => each.record === record && each.version > version)
    );
  });
}

function isOpen(report: OrderReport, all: readonly OrderReport[]): boolean {
  const isReplaced =
    !isFinal(report) &&
    all.some((each) => each.author === report.author && isFinal(each) && each.at >= report.at);
  return !report.signedOff && !isReplaced;
}

/** Of each record the newest version of whoever began it: nobody else speaks for the author. */
function ownVersions(records: readonly ChartRecord[]): readonly ChartRecord[] {
  const byRecord = Map.groupBy(
    records.filter(({ author, begunBy }) => author === begunBy),
    ({ record }) => record,
  );
  return [...byRecord.values()].flatMap((versions) => {
    return versions.toSorted((one, other) => other.version - one.version).slice(0, 1);
  });
}

function beginningOf({ records }: Chart, { record }: Pick<ChartRecord, 'record'>): number {
  return Math.min(...records.filter((each) => each.record === record).map(({ at }) => at));
}

/** The ServiceRequest of a record that is an order of its author. */
function orderIn(opened: PartOpened | undefined, author: Address): unknown {
  const [entry, ...others] = opened?.part.entries ?? [];
  const request = entry?.resource;
  const isOrder =
    others.length === 0 &&
    fieldOf(request, 'resourceType') === 'ServiceRequest' &&
    fieldOf(request, 'intent') === 'order' &&
    identifiersIn(fieldOf(request, 'requester'), MEDSEAL_SYSTEMS.party).includes(author) &&
    !codesIn(fieldOf(request, 'category')).includes(REFERRAL);
  return isOrder ? request : undefined;
}
