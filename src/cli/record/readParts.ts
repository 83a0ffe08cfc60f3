import type { Party } from '../../client/Party.ts';
import { readRecord } from '../../client/readRecord.ts';
import type { Chart } from '../../client/readChart.ts';
import type { ChartRecord } from '../../client/viewChart.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { decodePart } from '../../fhir/decodePart.ts';
import type { PartContent } from '../../fhir/Part.ts';
import { reassembleBundle, type Reassembled } from '../../fhir/reassembleBundle.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { newestOfEach } from './chart.ts';

/** Up to how many sealed bytes a record is looked at as a part of a FHIR bundle. */
export const LARGEST_PART = 16 * 2 ** 20;

/** A part of a FHIR bundle, and the record version that it is. */
export interface PartRecord {
  readonly content: PartContent;
  readonly record: ChartRecord;
}

/**
 * Reads the newest versions of all parts of the FHIR bundle that a record is a part of. Nothing but the parts says
 * which records these are, so neighbours are opened until the first part says that all are there; each is a view. Where an
 * amendment of the whole bundle is on its way or was broken off, older versions are read until they make up the bundle before
 * it.
 *
 * @param terminal - For progress.
 * @param party - The reader.
 * @param chart - The chart that lists them.
 * @param record - One of them.
 * @returns Of each part the newest version first.
 * @throws MedsealError `ARGUMENT_INVALID` where the record is no such part.
 */
export async function readParts(
  { progress }: Pick<Terminal, 'progress'>,
  party: Party,
  chart: Chart,
  record: ChartRecord,
): Promise<readonly PartRecord[]> {
  const first = partIn((await readRecord(party, chart, record)).content);
  if (first === undefined) {
    const reason = 'the record is not a part of a FHIR bundle';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--whole', reason });
  }
  const newest = newestOfEach(chart.records);
  const isNewest = newest.some(
    (each) => each.record === record.record && each.version === record.version,
  );
  const parts: PartRecord[] = isNewest ? [{ content: first, record }] : [];
  const others = isNewest ? newest.filter((each) => each.record !== record.record) : newest;
  const readMore = async (wanted: readonly ChartRecord[]): Promise<void> => {
    for (const other of wanted) {
      if (reassembled(parts).complete) break;
      if (other.size > LARGEST_PART) continue;
      progress.stage(`fetching part ${parts.length + 1}`);
      const found = await readRecord(party, chart, other).catch(unlessKeyless);
      const content = found && partIn(found.content);
      if (content?.set === first.set) parts.push({ content, record: other });
    }
  };
  await readMore(nearestFirst(others, record));
  const found = reassembled(parts);
  if (!found.complete && found.older !== undefined) await readMore(olderVersions(chart, parts));
  return parts;
}

function reassembled(parts: readonly PartRecord[]): Reassembled {
  return reassembleBundle(parts.map(({ content }) => content));
}

/** The older versions of records, of each the newer ones first. */
function olderVersions({ records }: Chart, parts: readonly PartRecord[]): readonly ChartRecord[] {
  const newest = new Map(parts.map(({ record }) => [record.record, record.version]));
  return records
    .filter(({ record, version }) => version < (newest.get(record) ?? 0))
    .toSorted((left, right) => right.version - left.version);
}

/** A part of a FHIR bundle; undefined where the bytes are something else. */
export function partIn(bytes: Uint8Array): PartContent | undefined {
  try {
    return decodePart(bytes);
  } catch (error) {
    if (isMedsealError(error, 'PARTS_UNFIT')) return undefined;
    throw error;
  }
}

/** Parts of one bundle were added one after the other. */
function nearestFirst(
  records: readonly ChartRecord[],
  { at }: ChartRecord,
): readonly ChartRecord[] {
  const distance = (each: ChartRecord): number => Math.abs(each.at - at);
  return records.toSorted((left, right) => distance(left) - distance(right));
}

/** Passes every error on but that a key is not there: not yet, or not any more. */
export function unlessKeyless(error: unknown): undefined {
  if (!isMedsealError(error, 'KEY_PENDING') && !isMedsealError(error, 'RECORD_ERASED')) throw error;
}
