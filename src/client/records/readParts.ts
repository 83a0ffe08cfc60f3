import type { Party } from '../party/Party.ts';
import { partsAhead } from './partsAhead.ts';
import { readRecord } from './readRecord.ts';
import { readRecords, type RecordsRead } from './readRecords.ts';
import type { Chart } from './readChart.ts';
import type { ChartRecord } from './viewChart.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { decodePart } from '../../fhir/decodePart.ts';
import type { PartContent } from '../../fhir/Part.ts';
import { partsOfBundle, type PartsFound } from '../../fhir/partsOfBundle.ts';
import { reassembleSet, type Reassembled } from '../../fhir/reassembleSet.ts';
import { pairName } from '../../protocol/evidence/viewSet.ts';
import type { RecordId } from '../../protocol/ids.ts';
import { newestOfEach } from './newestOfEach.ts';
import { isWithdrawn } from './isWithdrawn.ts';

/** Up to how many sealed bytes a record is looked at as a part of a FHIR bundle. */
export const LARGEST_PART = 16 * 2 ** 20;

/** A part of a FHIR bundle, and the record that it is. */
export interface PartRecord {
  readonly content: PartContent;
  /** The version that the content is; if that was replaced, the newest one. */
  readonly record: ChartRecord;
  /** The newest version of the record is not the part that the record began as. */
  readonly replaced?: true;
}

/**
 * Reads the newest versions of all parts of the FHIR bundle that a record is a part of. Its likely parts (`partsAhead`) are one
 * view; if they are not all, neighbours are opened one by one until the first part says that all are there. `partsOfBundle` decides which records are parts. If an
 * amendment of the whole bundle is on its way or was broken off, or somebody put something else in a part's place,
 * older versions are read until they make up the bundle before it.
 *
 * @param party - The reader.
 * @param chart - The chart that lists them.
 * @param record - One of them.
 * @param onPart - Called before each further part is fetched, with its place among them, from 1.
 * @returns Of each part the newest version first.
 * @throws MedsealError `ARGUMENT_INVALID` if the record is no such part, or the bundle does not have it.
 */
export async function readParts(
  party: Party,
  chart: Chart,
  record: ChartRecord,
  onPart?: (place: number) => void,
): Promise<readonly PartRecord[]> {
  const given = partIn((await readRecord(party, chart, record)).content, record);
  let claims: readonly PartRecord[] = [];
  const opened = new Map<string, PartContent | undefined | null | MedsealError>([
    [pairName(record), given],
  ]);
  // Null where it cannot be seen what it is: too large, withdrawn, without its key.
  const asked = new Set<string>();
  const openAll = async (versions: readonly ChartRecord[]): Promise<void> => {
    const wanted: ChartRecord[] = [];
    for (const version of versions) {
      // One that could not be read with others now is read alone once it is its turn.
      const isAgain = versions.length > 1 && asked.has(pairName(version));
      if (opened.has(pairName(version)) || isAgain) continue;
      asked.add(pairName(version));
      const isHidden = version.size > LARGEST_PART || (await isWithdrawn(party, version));
      if (isHidden) opened.set(pairName(version), null);
      else wanted.push(version);
    }
    if (wanted.length === 0) return;
    let place = claims.length;
    onPart?.(++place);
    for await (const read of readRecords(party, chart, wanted)) {
      const isLater = 'error' in read && read.error.retry && wanted.length > 1;
      const found = 'error' in read ? hiddenBy(read.error) : contentOf(read);
      if (!isLater || found === null) opened.set(pairName(read.record), found);
      if (place < claims.length + wanted.length) onPart?.(++place);
    }
  };
  const open = async (version: ChartRecord): Promise<PartContent | undefined | null> => {
    await openAll([version]);
    const found = opened.get(pairName(version));
    if (found instanceof MedsealError) throw found;
    return found;
  };
  // Whoever added a record says what it is, and who may amend it only what it holds.
  const beginningOf = async (
    version: ChartRecord,
    content: PartContent | undefined | null,
  ): Promise<PartContent | undefined | null> => {
    const oldest = olderVersions(chart, [version]).at(-1);
    const isOwn = content !== undefined && oldest?.author === version.author;
    return isOwn || content === null || oldest === undefined ? content : await open(oldest);
  };
  const first = (await beginningOf(record, given)) ?? given;
  if (first === undefined) {
    const reason = 'the record is not a part of a FHIR bundle';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'record', reason });
  }
  const add = (
    content: PartContent | undefined | null,
    part: Omit<PartRecord, 'content'>,
  ): boolean => {
    if (content?.set !== first.set) return false;
    claims = inOrder(chart, [...claims, { content, ...part }]);
    return true;
  };
  const found = (): PartsFound<PartRecord> =>
    partsOfBundle(chart, claims, record.record, party.address);

  const left = [...nearestFirst(chart, record)];
  while (left.length > 0) {
    const { parts, isVouched } = found();
    // Another first part may have been there first, if this one is not of the record's author.
    if (isVouched && reassembled(parts).complete) break;
    const known = parts.find((part) => part.content.part === 0);
    await openAll(partsAhead(chart, { content: first, record }, known));
    // A version that was viewed already comes before other neighbours.
    const at = left.findIndex((version) => opened.has(pairName(version)));
    const [newest = record] = left.splice(Math.max(0, at), 1);
    const content = await open(newest);
    const began = await beginningOf(newest, content);
    if (began === null || isSamePart(began, content)) {
      add(content, { record: newest });
      continue;
    }
    for (const version of began?.set === first.set ? olderVersions(chart, [newest]) : []) {
      const before = await open(version);
      if (isSamePart(began, before) && add(before, { record: newest, replaced: true })) break;
    }
  }
  const { parts: there } = found();
  if (there.some(({ content }) => content.part === 0)) requireAmong(there, record);
  const whole = reassembled(there);
  if (whole.complete || whole.older === undefined) return there;
  for (const version of olderVersions(
    chart,
    there.map((part) => part.record),
  )) {
    if (reassembled(found().parts).complete) break;
    const content = await open(version);
    const known = there.find((part) => part.record.record === version.record);
    if (isSamePart(known?.content, content)) add(content, { record: version });
  }
  return found().parts;
}

/** Refuses a record that only claims to be a part: it is not shown as one, nor amended with the others. */
function requireAmong(parts: readonly PartRecord[], { record }: ChartRecord): void {
  if (parts.some((part) => part.record.record === record)) return;
  const reason =
    'the record says that it is a part of a FHIR bundle, but the bundle’s first part does not list it: an amendment is unfinished, or the record is not a part';
  throw new MedsealError('ARGUMENT_INVALID', { argument: 'record', reason });
}

function isSamePart(
  left: PartContent | undefined | null,
  right: PartContent | undefined | null,
): boolean {
  return left?.set === right?.set && left?.part === right?.part;
}

function reassembled(parts: readonly PartRecord[]): Reassembled {
  return reassembleSet(parts.map(({ content }) => content));
}

/** The older versions of records, of each the newer ones first. */
function olderVersions({ records }: Chart, of: readonly ChartRecord[]): readonly ChartRecord[] {
  const newest = new Map(of.map(({ record, version }) => [record, version]));
  return records
    .filter(({ record, version }) => version < (newest.get(record) ?? 0))
    .toSorted((left, right) => right.version - left.version);
}

/**
 * Reads the part of a FHIR bundle that a record's content is.
 *
 * @param bytes - The content.
 * @param record - The record.
 * @returns Undefined if the bytes are something else, or say to be of another category than their record: whoever may
 * write in one category would speak for another.
 * @example
 * ```ts
 * const { content } = await readRecord(doctor, chart, record);
 * const part = partIn(content, record);
 * if (part !== undefined) console.log(`part ${part.part} of the bundle ${part.set}`);
 * ```
 */
export function partIn(
  bytes: Uint8Array,
  { category }: Pick<ChartRecord, 'category'>,
): PartContent | undefined {
  try {
    const part = decodePart(bytes);
    return part.category === category ? part : undefined;
  } catch (error) {
    if (isMedsealError(error, 'PARTS_UNFIT')) return undefined;
    throw error;
  }
}

/** The newest versions, first that of the record: parts of one bundle were added one after the other. */
function nearestFirst(chart: Chart, { record }: ChartRecord): readonly ChartRecord[] {
  const begun = beginningsOf(chart);
  const at = begun.get(record) ?? 0;
  const distance = (each: ChartRecord): number =>
    each.record === record ? -1 : Math.abs((begun.get(each.record) ?? 0) - at);
  return newestOfEach(chart.records).toSorted((left, right) => distance(left) - distance(right));
}

/** Of two records that say they are one part, the one that was there first counts. */
function inOrder(chart: Chart, parts: readonly PartRecord[]): readonly PartRecord[] {
  const begun = beginningsOf(chart);
  const beginning = ({ record }: PartRecord): number => begun.get(record.record) ?? 0;
  return parts.toSorted((left, right) => beginning(left) - beginning(right));
}

/** When each record was added. */
function beginningsOf({ records }: Chart): ReadonlyMap<RecordId, number> {
  const oldestLast = records.toSorted((left, right) => right.version - left.version);
  return new Map(oldestLast.map(({ record, at }) => [record, at]));
}

function contentOf({
  content,
  record,
}: Extract<RecordsRead, { content: unknown }>): PartContent | undefined {
  return partIn(content, record);
}

/** Null for a version whose key is not there; else the error, for whoever needs this version. */
function hiddenBy(error: MedsealError): MedsealError | null {
  return isKeyless(error) ? null : error;
}

/** Passes every error on but that a key is not there: not yet, or not any more. */
export function unlessKeyless(error: unknown): undefined {
  if (!isKeyless(error)) throw error;
}

function isKeyless(error: unknown): boolean {
  return isMedsealError(error, 'KEY_PENDING') || isMedsealError(error, 'RECORD_ERASED');
}
