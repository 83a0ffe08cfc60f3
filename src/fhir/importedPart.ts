import type { BundleEntry, DocumentReference, Provenance } from '@medplum/fhirtypes';
import type { Hex, RecordId } from '../protocol/ids.ts';
import { attachedRecord } from './attachedRecords.ts';
import type { PartContent, Whole } from './Part.ts';

/** An address of an attachment, with the places of the entry and of the attachment in it. */
export interface ReplacedUrl {
  readonly entry: number;
  readonly attachment: number;
  readonly url: string;
}

/** Fields of a part that an import gives other values, as they were: with them the part can be made again as it was written. */
export interface Replaced {
  /** The bundle that it was a part of, and the one beside that. */
  readonly set: Hex;
  readonly beside?: Hex;
  readonly provenance?: Provenance;
  readonly records?: Whole['records'];
  readonly urls?: readonly ReplacedUrl[];
}

/** Names of elsewhere, and those that they have here. */
export interface Renamed {
  /** Finds the record that a record of elsewhere became; undefined if it was not imported. */
  record(record: RecordId): RecordId | undefined;
  /** Finds the same for a file that the part may tell of. */
  file(record: RecordId): RecordId | undefined;
  /** Returns the mark of a bundle here: no two authors of elsewhere have one. */
  set(set: Hex): Hex;
}

/**
 * Collects from a part what names records of the network that it comes from, and its Provenance: what an import replaces.
 *
 * @param part - The part as it was written.
 * @param renamed - Finds the record that each has become.
 */
export function replacedIn(
  { set, beside, entries, whole, provenance }: PartContent,
  renamed: Renamed,
): Replaced {
  const urls = entries.flatMap(({ resource }, place) =>
    attachmentsOf(resource).flatMap(({ url }, at) => {
      const record = attachedRecord(url);
      const isOther = record !== undefined && renamed.file(record) !== undefined;
      return isOther && url !== undefined ? [{ entry: place, attachment: at, url }] : [];
    }),
  );
  return {
    set,
    ...(beside && { beside: beside.set }),
    ...(provenance && { provenance }),
    ...(whole?.records && { records: whole.records }),
    ...(urls.length > 0 && { urls }),
  };
}

/**
 * Makes the part that stands on the chart which it is imported into: it names the records there, and says where it comes from.
 *
 * @param part - The part as it was written.
 * @param replaced - Values that it had, from `replacedIn`.
 * @param renamed - Finds the record that each has become.
 * @param provenance - Its source and author.
 */
export function importedPart(
  part: PartContent,
  { records, urls = [] }: Replaced,
  renamed: Renamed,
  provenance: Provenance,
): PartContent {
  const renewed = urls.map(({ url, ...place }) => {
    const record = attachedRecord(url);
    const now = record && renamed.file(record);
    return { ...place, url: now === undefined ? url : `Binary/${now.slice(2)}` };
  });
  const named = records?.map((record) =>
    record === null ? null : (renamed.record(record) ?? null),
  );
  return {
    ...withNames(part, {
      set: renamed.set(part.set),
      ...(part.beside && { beside: renamed.set(part.beside.set) }),
      ...(named && { records: named }),
    }),
    entries: withUrls(part.entries, renewed),
    provenance,
  };
}

/**
 * Makes a part again as it was written, from the one that was imported.
 *
 * @param part - The imported part.
 * @param replaced - Values that it had before, as its Provenance says.
 */
export function partBefore(
  part: PartContent,
  { provenance, urls = [], ...names }: Replaced,
): PartContent {
  const { provenance: _, ...rest } = withNames(part, names);
  const entries = withUrls(part.entries, urls);
  return { ...rest, entries, ...(provenance && { provenance }) };
}

/**
 * Finds the record here that holds a file which was a record elsewhere, by an imported part that tells of it.
 *
 * @param part - The imported part.
 * @param replaced - Values that the part had before; absent for a part that an import made for a file alone.
 * @param record - The file's record elsewhere.
 * @returns Undefined if the part does not tell of it.
 */
export function fileHere(
  { entries }: Pick<PartContent, 'entries'>,
  replaced: Replaced | undefined,
  record: RecordId,
): RecordId | undefined {
  const place =
    replaced === undefined
      ? { entry: 0, attachment: 0 }
      : replaced.urls?.find(({ url }) => attachedRecord(url) === record);
  if (place === undefined) return undefined;
  const { entry, attachment } = place;
  return attachedRecord(attachmentsOf(entries[entry]?.resource)[attachment]?.url);
}

/** The part with other names of its bundle, of the one beside it, and of the records of its parts. */
function withNames(
  part: PartContent,
  { set, beside, records }: Pick<Replaced, 'set' | 'beside' | 'records'>,
): PartContent {
  const { records: _, ...whole } = part.whole ?? {};
  return {
    ...part,
    set,
    ...(part.beside && beside !== undefined && { beside: { ...part.beside, set: beside } }),
    ...(part.whole && { whole: { ...(whole as Whole), ...(records && { records }) } }),
  };
}

function withUrls(
  entries: readonly BundleEntry[],
  urls: NonNullable<Replaced['urls']>,
): readonly BundleEntry[] {
  if (urls.length === 0) return entries;
  return entries.map((entry, place) => {
    const here = new Map(
      urls.flatMap((each) => (each.entry === place ? [[each.attachment, each.url]] : [])),
    );
    const { resource } = entry;
    if (here.size === 0 || resource?.resourceType !== 'DocumentReference') return entry;
    if (!Array.isArray(resource.content)) return entry;
    const content = resource.content.map((each, at) => {
      const url = here.get(at);
      return url === undefined || !isAttached(each)
        ? each
        : { ...each, attachment: { ...each.attachment, url } };
    });
    return { ...entry, resource: { ...resource, content } };
  });
}

function attachmentsOf(resource: unknown): readonly { readonly url?: string }[] {
  const { resourceType, content } = (resource ?? {}) as Partial<DocumentReference>;
  if (resourceType !== 'DocumentReference' || !Array.isArray(content)) return [];
  return content.map((each: DocumentReference['content'][number] | null) => {
    const url: unknown = each?.attachment?.url;
    return typeof url === 'string' ? { url } : {};
  });
}

function isAttached(each: unknown): boolean {
  const { attachment } = (each ?? {}) as { readonly attachment?: unknown };
  return typeof attachment === 'object' && attachment !== null;
}
