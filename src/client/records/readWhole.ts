import type { Address, RecordId } from '../../protocol/ids.ts';
import type { PartContent } from '../../fhir/Part.ts';
import type { Party } from '../party/Party.ts';
import { isWithdrawn } from './isWithdrawn.ts';
import { newestOfEach } from './newestOfEach.ts';
import { readRecord } from './readRecord.ts';
import type { Chart } from './readChart.ts';
import { LARGEST_PART, partIn, readParts, unlessKeyless, type PartRecord } from './readParts.ts';
import type { ChartRecord } from './viewChart.ts';

/** Longest time from a version of a bundle's first part to the labelled entries that were added with it, seconds. */
const BESIDE = 24 * 3600;

/**
 * Reads the parts of the whole FHIR bundle that a record is a part of: those without labels, and the labelled ones if the
 * reader's right covers them. A reader without that right opens and asks for the same records, whether there are any or not.
 * Labelled entries count if the author who added them wrote the bundle too: nobody else puts entries into it.
 *
 * @param party - The reader.
 * @param chart - The chart that lists the record.
 * @param record - Any part of the bundle.
 * @param onPart - Called before each further part is fetched, with its place among them, from 1.
 * @returns Of each part the newest version first.
 * @throws MedsealError `ARGUMENT_INVALID` if the record is not a part of a bundle, or the bundle does not have it; of
 * `readRecord`.
 * @example
 * ```ts
 * const chart = await readChart(doctor, { handle, grant, purpose: 'TREAT' });
 * const parts = await readWhole(doctor, chart, record);
 * console.log(`${parts.length} parts`);
 * ```
 */
export async function readWhole(
  party: Party,
  chart: Chart,
  record: ChartRecord,
  onPart?: (place: number) => void,
): Promise<readonly PartRecord[]> {
  const parts = await readParts(party, chart, record, onPart);
  const first = parts.find(({ content }) => content.part === 0);
  if (first === undefined) return parts;
  const { beside } = first.content;
  const other =
    beside === undefined
      ? await findLabelled(party, chart, first)
      : await findPart(party, chart, othersNear(chart, first), ({ set }) => set === beside.set);
  if (other === undefined) return parts;
  const others = await readParts(party, chart, other, onPart);
  const [shown, hidden] = beside === undefined ? [parts, others] : [others, parts];
  return isOfAuthor(party, chart, shown, hidden) ? [...parts, ...others] : parts;
}

async function findLabelled(
  party: Party,
  chart: Chart,
  first: PartRecord,
): Promise<ChartRecord | undefined> {
  const versions = chart.records.filter(({ record }) => record === first.record.record);
  const candidates = newestOfEach(chart.records).filter((each) => {
    const { author, at } = firstVersion(chart, each.record) ?? each;
    const isNear = versions.some((version) => Math.abs(version.at - at) <= BESIDE);
    const isTheirs = author === party.address || versions.some((one) => one.author === author);
    return each.category === 'sensitive' && isNear && isTheirs;
  });
  const isLabelled = ({ beside }: PartContent): boolean => beside?.set === first.content.set;
  return await findPart(party, chart, nearest(candidates, first.record), isLabelled);
}

function othersNear({ records }: Chart, { record }: PartRecord): readonly ChartRecord[] {
  const others = newestOfEach(records).filter(({ category }) => category !== 'sensitive');
  return nearest(others, record);
}

function nearest(records: readonly ChartRecord[], { at }: ChartRecord): readonly ChartRecord[] {
  return records.toSorted((left, right) => Math.abs(left.at - at) - Math.abs(right.at - at));
}

async function findPart(
  party: Party,
  chart: Chart,
  candidates: readonly ChartRecord[],
  isIt: (content: PartContent) => boolean,
): Promise<ChartRecord | undefined> {
  for (const candidate of candidates) {
    if (candidate.size > LARGEST_PART || (await isWithdrawn(party, candidate))) continue;
    const read = await readRecord(party, chart, candidate).catch(unlessKeyless);
    const content = read && partIn(read.content, candidate);
    if (content !== undefined && isIt(content)) return candidate;
  }
  return undefined;
}

function isOfAuthor(
  party: Party,
  chart: Chart,
  shown: readonly PartRecord[],
  hidden: readonly PartRecord[],
): boolean {
  const [own, labelled] = [shown, hidden].map((parts) => {
    return parts.find(({ content }) => content.part === 0)?.record.record;
  });
  const author: Address | undefined =
    labelled === undefined ? undefined : firstVersion(chart, labelled)?.author;
  const writers = chart.records.filter(({ record }) => record === own);
  return author === party.address || writers.some((version) => version.author === author);
}

function firstVersion({ records }: Chart, id: RecordId): ChartRecord | undefined {
  return records.find(({ record, version }) => record === id && version === 1);
}
