import { fieldOf, listOf } from '../../../fhir/fieldOf.ts';
import { isCritical } from '../../../fhir/orders/isCritical.ts';
import { recordsReferred } from '../../../fhir/orders/recordReference.ts';
import { resultsOfReport } from '../../../fhir/orders/resultsOfReport.ts';
import type { RecordSeen } from '../../../fhir/orders/signOff.ts';
import type { OrderStanding, ReportStanding } from '../../../fhir/orders/taskOfOrder.ts';
import type { Address, RecordId } from '../../../protocol/ids.ts';
import type { Category } from '../../../protocol/vocabulary.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import type { Party } from '../../party/Party.ts';
import type { Chart } from '../../records/readChart.ts';
import type { ChartRecord } from '../../records/viewChart.ts';
import { openParts, type PartOpened } from './openParts.ts';

/** A report, before its sign-off is known. */
export interface ReportFound extends ReportStanding {
  /** The laboratory that wrote it. */
  readonly author: Address;
  /** The DiagnosticReport; nobody validates what lies on a chart. */
  readonly report: unknown;
  /** Its Observations that the reader can open, with the members of panels. */
  readonly results: readonly unknown[];
  /** Records of these, in the versions that were opened: each is amended by itself. */
  readonly resultsOf: readonly RecordSeen[];
  /** Number of its results that the reader cannot open. */
  readonly unseen: number;
  /** True if its author calls a result critical, or a component of one. */
  readonly critical: boolean;
}

/** Most orders that a report answers, and most reports of one author that are read of an order. */
const [MOST_ORDERS, MOST_REPORTS] = [20, 200];
/** Seconds by which two organisations’ clocks may differ. */
export const SKEW = 300;
/** Most bytes of a sealed record that can be a report or its results. */
export const LARGEST_ANSWER = 2 * 2 ** 20;
const ANSWERS: readonly Category[] = ['reports', 'laboratory'];

/**
 * Reads the reports that answer orders: of the laboratory that an order names, or of any party that k coordinators call a laboratory.
 *
 * @param party - The reader.
 * @param chart - The chart.
 * @param versions - Of each record the newest version of whoever began it.
 * @param orders - The orders.
 * @param unread - Takes the records that could not be read now.
 * @returns By the record of the order.
 */
export async function reportsOfOrders(
  party: Party,
  chart: Chart,
  versions: readonly ChartRecord[],
  orders: readonly OrderStanding[],
  unread: ChartRecord[],
): Promise<ReadonlyMap<RecordId, readonly ReportFound[]>> {
  const laboratories = new Map<Address, boolean>();
  const isLaboratory = async (author: Address): Promise<boolean> => {
    const known = laboratories.get(author);
    if (known !== undefined) return known;
    const { party: facts } = await confirmFacts(party, { party: author });
    laboratories.set(author, facts?.role === 'lab');
    return facts?.role === 'lab';
  };
  const near: ChartRecord[] = [];
  for (const version of versions) {
    const { category, size, author, at } = version;
    if (!mayAnswer({ category }) || size > LARGEST_ANSWER) continue;
    const later = orders.filter((order) => at >= order.at - SKEW);
    const isNamed = later.some(({ laboratory }) => laboratory === author);
    const isOpen = later.some(({ laboratory }) => laboratory === undefined);
    // Records of others are not opened: a file of theirs that is lost holds up no order.
    if (isNamed || (isOpen && (await isLaboratory(author)))) near.push(version);
  }
  const opened = [...(await openParts(party, chart, near, unread)).values()];
  const found = new Map<RecordId, ReportFound[]>();
  const besides = besidesOf(opened);
  for (const one of opened) {
    for (const { resource } of one.part.entries) {
      if (fieldOf(resource, 'resourceType') !== 'DiagnosticReport') continue;
      for (const record of ordersNamed(resource)) {
        const order = orders.find((each) => each.record === record);
        if (order === undefined) continue;
        const { author } = one.version;
        const { laboratory } = order;
        const isFit = laboratory === undefined ? await isLaboratory(author) : author === laboratory;
        if (!isFit) continue;
        const all = found.get(record) ?? [];
        found.set(record, all);
        const own = all.filter((each) => each.author === author);
        if (own.length < MOST_REPORTS) all.push(reportOf(one, resource, besides));
      }
    }
  }
  return found;
}

/** The orders that a report names; those beyond a bound it does not answer. */
function ordersNamed(report: unknown): ReadonlySet<RecordId> {
  const named = listOf(fieldOf(report, 'basedOn')).slice(0, MOST_ORDERS);
  return new Set(recordsReferred(named).map(({ record }) => record));
}

/**
 * Tells whether a record can be a report of an order, or a result.
 *
 * @param record - Its category.
 */
export function mayAnswer({ category }: Pick<ChartRecord, 'category'>): boolean {
  return ANSWERS.includes(category);
}

/** A resource that lies in a part, and the version that the part is. */
interface Beside {
  readonly resource: unknown;
  readonly of: ChartRecord;
}

/** The resources of each bundle of an author, by their addresses in it. */
type Besides = ReadonlyMap<string, ReadonlyMap<string, Beside>>;

function nameOfBundle({ version, part }: PartOpened): string {
  return `${version.author}/${part.set}`;
}

function besidesOf(opened: readonly PartOpened[]): Besides {
  const besides = new Map<string, Map<string, Beside>>();
  for (const one of opened) {
    const name = nameOfBundle(one);
    const there = besides.get(name) ?? new Map<string, Beside>();
    besides.set(name, there);
    for (const { fullUrl, resource } of one.part.entries) {
      if (fullUrl !== undefined && !there.has(fullUrl)) {
        there.set(fullUrl, { resource, of: one.version });
      }
    }
  }
  return besides;
}

/** A report with its results and the members of its panels, which lie in parts of the same bundle by the same author. */
function reportOf(one: PartOpened, report: unknown, besides: Besides): ReportFound {
  const { record, version, author, at } = one.version;
  const beside = besides.get(nameOfBundle(one));
  const { results: found, unseen } = resultsOfReport(report, (reference) => beside?.get(reference));
  const results = found.map(({ resource }) => resource);
  const resultsOf = new Map(found.map(({ of }) => [of.record, of.version]));
  resultsOf.delete(record);
  const status = fieldOf(report, 'status');
  return {
    record,
    version,
    author,
    at,
    status: typeof status === 'string' ? status : '',
    report,
    results,
    resultsOf: [...resultsOf].map(([each, its]) => ({ record: each, version: its })),
    unseen,
    critical: results.some(isCritical),
  };
}
