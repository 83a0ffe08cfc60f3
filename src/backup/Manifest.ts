import { BYTES32, ListOf, OneOf } from '../protocol/wire/findShapeError.ts';
import { isOfShape } from '../protocol/wire/isOfShape.ts';
import type { Of } from '../protocol/struct/Of.ts';

/** The name of a backup's manifest: one JSON value a line, a `BackupHead`, then `BackedUpFile`s, then a `BackupEnd`. */
export const MANIFEST = 'manifest.jsonl';

/** The most organisations of a folder. */
const MOST = 64;

const LOG = {
  /** Owner of the log or copy. */
  organisation: 'text',
  log: 'text',
  size: 'count',
  root: BYTES32,
} as const;
/** A log as it was. */
export type BackedUpLog = Of<typeof LOG>;

/** First line of a manifest. */
export const HEAD = {
  format: new OneOf('medseal-backup/2'),
  /** Moment at which the folder is backed up, Unix seconds. */
  at: 'count',
  /** Absent if the network was not founded yet. */
  'networkId?': BYTES32,
  /** Logs and copies of logs, as they were. */
  logs: [LOG],
} as const;
/** Head of a manifest: the moment and the network of the backup. */
export type BackupHead = Of<typeof HEAD>;

const FILE = {
  /** Within the data folder. */
  path: 'text',
  /** Bytes. */
  size: 'count',
  sha256: BYTES32,
} as const;
/** A file of a backup. */
export type BackedUpFile = Of<typeof FILE>;

/** A list of signatures of a backup; a `note` is a signed note. */
export const SIGNATURES = new ListOf({ organisation: 'text', note: 'text' }, MOST);
/** Signature of an organisation over a backup of its folder. */
export type BackupSignature = Of<typeof SIGNATURES>[number];

/** Last line of a manifest. */
export const END = {
  /** Number of files. */
  files: 'count',
  /** Bytes of all files. */
  bytes: 'count',
  /** SHA-256 of all lines before this one. */
  sha256: BYTES32,
  /** Signatures of all organisations of the folder; empty if the network was not founded yet. */
  signatures: SIGNATURES,
} as const;
/** End of a manifest, which shows that it is whole. */
export type BackupEnd = Of<typeof END>;

/** Parses a line of a manifest; undefined if it is not JSON. */
export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Tells whether a line is the head of a manifest. */
export function isHead(value: unknown): value is BackupHead {
  return isOfShape(HEAD, value);
}

/** Tells whether a line is the head of an unsigned backup that an older version made. */
export function isOldHead(value: unknown): boolean {
  return Object(value).format === 'medseal-backup/1';
}

/** Tells whether a line is a file's. */
export function isFile(value: unknown): value is BackedUpFile {
  return isOfShape(FILE, value);
}

/** Tells whether a line is the last one. */
export function isEnd(value: unknown): value is BackupEnd {
  return isOfShape(END, value);
}
