import { BYTES32, findShapeError, ListOf, OneOf, type Shape } from '../protocol/findShapeError.ts';
import type { Bytes32, LogName, Organisation } from '../protocol/ids.ts';

/** The name of a backup's manifest: one JSON value a line, a `BackupHead`, then `BackedUpFile`s, then a `BackupEnd`. */
export const MANIFEST = 'manifest.jsonl';

/** Head of a manifest: the moment and the network of the backup. */
export interface BackupHead {
  readonly format: 'medseal-backup/2';
  /** Moment at which the folder is backed up, Unix seconds. */
  readonly at: number;
  /** Absent if the network was not founded yet. */
  readonly networkId?: Bytes32;
  /** Logs and copies of logs, as they were. */
  readonly logs: readonly BackedUpLog[];
}

/** A log as it was. */
export interface BackedUpLog {
  /** Owner of the log or copy. */
  readonly organisation: Organisation;
  readonly log: LogName;
  readonly size: number;
  readonly root: Bytes32;
}

/** A file of a backup. */
export interface BackedUpFile {
  /** Within the data folder. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: Bytes32;
}

/** End of a manifest, which shows that it is whole. */
export interface BackupEnd {
  /** Number of files. */
  readonly files: number;
  /** Bytes of all files. */
  readonly bytes: number;
  /** SHA-256 of all lines before this one. */
  readonly sha256: Bytes32;
  /** Signatures of all organisations of the folder; empty if the network was not founded yet. */
  readonly signatures: readonly BackupSignature[];
}

/** Signature of an organisation over a backup of its folder. */
export interface BackupSignature {
  readonly organisation: Organisation;
  /** A signed note. */
  readonly note: string;
}

/** The most organisations of a folder. */
const MOST = 64;

const LOG = { organisation: 'text', log: 'text', size: 'count', root: BYTES32 } as const;
const HEAD = {
  format: new OneOf('medseal-backup/2'),
  at: 'count',
  networkId: BYTES32,
  logs: [LOG],
} satisfies Shape;
const FILE = { path: 'text', size: 'count', sha256: BYTES32 } satisfies Shape;
/** A list of signatures of a backup. */
export const SIGNATURES = new ListOf({ organisation: 'text', note: 'text' }, MOST);
const END = {
  files: 'count',
  bytes: 'count',
  sha256: BYTES32,
  signatures: SIGNATURES,
} satisfies Shape;
const ZERO = `0x${'00'.repeat(32)}`;

/** Tells whether a line is the head of a manifest. */
export function isHead(value: unknown): value is BackupHead {
  if (typeof value !== 'object' || value === null) return false;
  return findShapeError(HEAD, { networkId: ZERO, ...value }, 'head') === undefined;
}

/** Tells whether a line is the head of an unsigned backup that an older version made. */
export function isOldHead(value: unknown): boolean {
  return Object(value).format === 'medseal-backup/1';
}

/** Tells whether a line is a file's. */
export function isFile(value: unknown): value is BackedUpFile {
  return findShapeError(FILE, value, 'file') === undefined;
}

/** Tells whether a line is the last one. */
export function isEnd(value: unknown): value is BackupEnd {
  return findShapeError(END, value, 'end') === undefined;
}
