import { bytesToHex } from '../../../crypto/bytes.ts';
import { isMedsealError } from '../../../errors/isMedsealError.ts';
import { visibleText } from '../../../errors/visibleText.ts';
import { countsNow } from '../../../fhir/clinicalState.ts';
import { fieldOf } from '../../../fhir/fieldOf.ts';
import { makeMedicationRequest } from '../../../fhir/makeMedicationRequest.ts';
import { conflictsOf, type OrderConflict } from '../../../fhir/orders/conflictsOf.ts';
import { orderSignOf, type OrderCheck } from '../../../fhir/orders/OrderSign.ts';
import type { PartContent } from '../../../fhir/Part.ts';
import type { Entry } from '../../../fhir/Resolve.ts';
import { ZERO32 } from '../../../protocol/ids.ts';
import { seconds } from '../../../protocol/Clock.ts';
import { digestOf } from '../../../protocol/struct/signing.ts';
import { succeeds } from '../../../protocol/wire/succeeds.ts';
import { effectivePart } from '../records/effectivePart.ts';
import { rightFor } from '../../party/knownRights.ts';
import type { Party } from '../../party/Party.ts';
import { newestOfEach } from '../../records/newestOfEach.ts';
import { readChart, type Chart } from '../../records/readChart.ts';
import { partIn } from '../../records/readParts.ts';
import { isErasedIn } from '../../records/isErasedIn.ts';
import { readRecords } from '../../records/readRecords.ts';
import type { ChartRecord, ChartWanted } from '../../records/viewChart.ts';
import type { NewPrescription } from './NewPrescription.ts';
import { keptOrder } from './keptOrder.ts';
import { prescriptionIn } from './prescriptionRecord.ts';

/** The categories that an order is checked against. */
const CHECKED = ['allergies', 'medications'] as const;
/** Most characters of what a check says. */
const LONGEST = 300;

/** An order that was checked against the chart, which alone can be signed. */
export interface OrderReview {
  /** Exactly what is signed. */
  readonly order: NewPrescription;
  /** Conflicts with it, allergies first; not trusted words of others. */
  readonly conflicts: readonly OrderConflict[];
  /** Categories of which not all could be read, by right or for a failure: nothing is known of what they hold. */
  readonly unread: readonly (typeof CHECKED)[number][];
}

/** Options of `reviewOrder`. */
export interface ReviewOptions {
  /** Further checks, such as `cdsHooksCheck`; one that fails is a conflict. */
  readonly checks?: readonly OrderCheck[];
  /** Opens a chart; `readChart` if absent. */
  readonly openChart?: (wanted: ChartWanted) => Promise<Chart>;
}

/** Reviews that were made here: nobody signs what was not reviewed. */
const made = new WeakSet<OrderReview>();

/**
 * Checks an order against the allergies and medicines of the chart, as far as the prescriber may read them, and against
 * further checks. By itself it compares codes, words and a few groups of substances; it is not a database of interactions.
 *
 * @param party - The prescriber.
 * @param wanted - The order.
 * @param options - See `ReviewOptions`.
 * @returns What `issuePrescription` and `signPrescription` take.
 * @throws MedsealError what `readChart` throws, such as `RIGHT_ENDED`.
 * @example
 * ```ts
 * const from = Math.floor(Date.now() / 1000);
 * const order = { medicine: 'Amoxicillin 500 mg', unit: 'capsule', dosage: 'One, three times a day' };
 * const amounts = { amount: 21, fills: 1, interval: 0, from, until: from + 30 * 86_400 };
 * const review = await reviewOrder(doctor, { handle, grant, purpose: 'TREAT', ...order, ...amounts });
 * for (const { kind, what } of review.conflicts) console.log(`${kind}: ${what}`);
 * const reason = review.conflicts.length === 0 ? undefined : 'Tolerated well in 2024';
 * await issuePrescription(doctor, review, reason);
 * ```
 */
export async function reviewOrder(
  party: Party,
  wanted: NewPrescription,
  { checks = [], openChart = async (each) => await readChart(party, each) }: ReviewOptions = {},
): Promise<OrderReview> {
  // An order that an earlier run signed is only sent again.
  const isRepeat = (await keptOrder(party, wanted)) !== undefined;
  const read = isRepeat
    ? { entries: [], unread: [] }
    : await entriesFor(party, wanted, async (each) => await openChart(each));
  const draft = makeMedicationRequest({
    ...wanted,
    prescriber: party.address,
    at: seconds(party.clock),
  });
  const conflicts = [...conflictsOf(draft, read.entries)];
  if (!isRepeat && checks.length > 0) {
    const now = read.entries.map(({ resource }) => resource).filter(countsNow);
    const chart = {
      allergies: now.filter(isAllergy),
      medications: now.filter((resource) => !isAllergy(resource)),
    };
    const sign = orderSignOf(draft, chart, () => uuid(party));
    const said = await Promise.all(checks.map(async (check) => await noticesOf(check, sign)));
    conflicts.push(...said.flat());
  }
  const review: OrderReview = { order: wanted, conflicts, unread: read.unread };
  made.add(review);
  return review;
}

/**
 * Tells whether `reviewOrder` made a review: a copy of one, or one with another order, is not it.
 *
 * @param review - Any.
 */
export function isReviewed(review: OrderReview): boolean {
  return made.has(review);
}

function isAllergy(resource: unknown): boolean {
  return fieldOf(resource, 'resourceType') === 'AllergyIntolerance';
}

interface EntriesRead {
  readonly entries: readonly Entry[];
  readonly unread: OrderReview['unread'];
}

async function entriesFor(
  party: Party,
  wanted: NewPrescription,
  openChart: (wanted: ChartWanted) => Promise<Chart>,
): Promise<EntriesRead> {
  const { handle } = wanted;
  const entries: Entry[] = [];
  const unread = new Set<(typeof CHECKED)[number]>();
  const charts = new Map<unknown, Promise<Chart>>();
  for (const category of CHECKED) {
    const { terms } = wanted.grant;
    const isGiven = terms.read && terms.categories.includes(category);
    const found = isGiven ? undefined : await rightFor(party, { handle, action: 'read', category });
    const grant = isGiven ? wanted.grant : found?.covers === true ? found.grant : undefined;
    if (grant === undefined) {
      unread.add(category);
      continue;
    }
    const { salt, purpose } = grant.terms;
    const opening = charts.get(salt) ?? openChart({ handle, grant, purpose });
    charts.set(salt, opening);
    const chart = await opening;
    const records = newestOfEach(chart.records).filter((each) => {
      return each.category === category && each.about === ZERO32;
    });
    for await (const read of readRecords(party, chart, records)) {
      if ('error' in read) {
        if (!isErasedIn(chart, read.record)) unread.add(category);
        continue;
      }
      const part = partOf(read.content, read.record);
      // Nobody can look into a file, so it may hold anything.
      if (part === undefined) unread.add(category);
      else entries.push(...(await entriesIn(party, chart, wanted, read.record, part)));
    }
  }
  return { entries, unread: [...unread] };
}

/** The entries of a part as they stand now, without the prescription that this one replaces. */
async function entriesIn(
  party: Party,
  chart: Chart,
  { handle, replaces }: NewPrescription,
  version: ChartRecord,
  part: PartContent,
): Promise<readonly Entry[]> {
  const { record, author } = version;
  const isReplaced = ({ resource }: PartContent['entries'][number]): boolean => {
    const written = prescriptionIn(party.primitives, { handle, record }, resource);
    return written !== undefined && digestOf(party, 'Prescription', written.message) === replaces;
  };
  const entries = part.entries.filter((entry) => !isReplaced(entry));
  const standing = await effectivePart(party, chart, version, { ...part, entries });
  const bundle = `${part.set} ${author}`;
  return standing.entries.map(({ fullUrl: url, resource }) => ({ bundle, url, resource }));
}

function partOf(content: Uint8Array, record: ChartRecord): PartContent | undefined {
  let part: PartContent | undefined;
  succeeds(() => {
    part = partIn(content, record);
    return true;
  });
  return part;
}

async function noticesOf(
  check: OrderCheck,
  sign: Parameters<OrderCheck>[0],
): Promise<readonly OrderConflict[]> {
  try {
    const cards = await check(sign);
    return cards.map(({ summary, indicator, source }) => ({
      kind: 'notice',
      what: visibleText(summary, LONGEST),
      by: visibleText(source.label, LONGEST),
      indicator,
    }));
  } catch (error) {
    // An order that a check could not judge is not one that it found good.
    const what = isMedsealError(error) ? error.message : 'The check of the order failed.';
    return [{ kind: 'notice', what: visibleText(what, LONGEST), by: '', indicator: 'warning' }];
  }
}

function uuid(party: Party): string {
  const hex = bytesToHex(party.random(16)).slice(2);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}
