import type { Bytes32 } from '../../protocol/ids.ts';
import type { Write } from '../../protocol/struct/requests.ts';

/** Files of an archive beside its records, in their order: those before the records, and those behind them. */
export const ARCHIVE = {
  readme: 'README.txt',
  network: 'network.json',
  successors: 'successors.json',
  rights: 'rights.json',
  chain: 'chain.json',
  bundle: 'bundle.json',
  summary: 'summary.json',
  manifest: 'manifest.json',
} as const;

/** Files that are made again from the records, in their order. */
export const DERIVED: readonly string[] = [ARCHIVE.bundle, ARCHIVE.summary];

/** Files before the records, in their order. */
export const HEAD_FILES: readonly string[] = [
  ARCHIVE.readme,
  ARCHIVE.network,
  ARCHIVE.successors,
  ARCHIVE.rights,
  ARCHIVE.chain,
];
/** Files behind the records, in their order. */
export const TAIL_FILES: readonly string[] = [...DERIVED, ARCHIVE.manifest];
/** Place of records among the kinds of files. */
export const RECORD_RANK = HEAD_FILES.length;

/** Name of the file that proves what a record's content is. */
export const SEAL = 'seal.json';

/** Number of bytes that tell how a content is named. */
export const NAMED_BY = 512;

/** A record version that a chain has. */
export interface ChainRecord {
  readonly write: Write;
  /** When it was judged, Unix seconds. */
  readonly at: number;
  /** The entry that put it on the chart. */
  readonly entry: Bytes32;
  /** Folder of its files in the archive. */
  readonly folder: string;
}

/**
 * Returns the folder that a file of an archive lies in.
 *
 * @param name - The file's whole name.
 */
export function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/'));
}

/**
 * Returns the folder of a record version: its place in time, its time, its category, the beginning of the record's id, and its
 * version.
 *
 * @param write - The request that put it on the chart.
 * @param at - When it was judged, Unix seconds.
 * @param place - Its place among all, from 1.
 */
export function recordFolder(
  { category, record, version }: Pick<Write, 'category' | 'record' | 'version'>,
  at: number,
  place: number,
): string {
  const moment = new Date(at * 1000).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const number = String(place).padStart(6, '0');
  return `records/${number}-${moment}-${category}-${record.slice(2, 12)}-v${version}`;
}

/** First bytes of kinds of files, by the ending of their names. */
const MARKS: readonly (readonly [string, number, readonly number[]])[] = [
  ['pdf', 0, [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['png', 0, [0x89, 0x50, 0x4e, 0x47]],
  ['jpg', 0, [0xff, 0xd8, 0xff]],
  ['dcm', 128, [0x44, 0x49, 0x43, 0x4d]],
  ['json', 0, [0x7b]],
];

/**
 * Returns the name of a record's content, with an ending by its first bytes, so that programs open it.
 *
 * @param beginning - Its first 512 bytes, or all of it.
 */
export function contentName(beginning: Uint8Array): string {
  const found = MARKS.find(([, at, mark]) =>
    mark.every((byte, place) => beginning[at + place] === byte),
  );
  return `content.${found?.[0] ?? 'bin'}`;
}

/**
 * Returns the place of a file among the kinds of files of an archive.
 *
 * @param name - The file's whole name.
 * @returns Undefined for any other name.
 */
export function rankOf(name: string): number | undefined {
  if (HEAD_FILES.includes(name)) return HEAD_FILES.indexOf(name);
  if (TAIL_FILES.includes(name)) return RECORD_RANK + 1 + TAIL_FILES.indexOf(name);
  return /^records\/[\w-]+\/(?:seal|content)\.[a-z]{3,4}$/.test(name) ? RECORD_RANK : undefined;
}
