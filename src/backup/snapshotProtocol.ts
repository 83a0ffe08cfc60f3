import type { Bytes32 } from '../protocol/ids.ts';
import { PARTIAL_SUFFIX } from '../folder/partialFiles.ts';
import type { BackupSignature } from './Manifest.ts';

/** The socket in a data folder through which a running node is asked for a snapshot. */
export const SNAPSHOT_SOCKET = 'backup.sock';
/** Folder of the snapshot, within the data folder, as long as the connection lasts. */
export const SNAPSHOT = 'snapshot';

/** Answer of a running node, one line of JSON. */
export type SnapshotAnswer =
  | {
      /** Moment of the snapshot, Unix seconds. */
      readonly at: number;
      /** Milliseconds for which writes were held back. */
      readonly paused: number;
    }
  | { readonly failed: string };

/** Question to the node once the snapshot was copied, one line of JSON. */
export interface SignQuestion {
  /** SHA-256 of all lines of the manifest but the last. */
  readonly sign: Bytes32;
}

/** Answer to it, one line of JSON. */
export type SignAnswer =
  { readonly signatures: readonly BackupSignature[] } | { readonly failed: string };

/**
 * Paths within the data folder that a snapshot leaves out: they belong to the process, or can be derived from the rest.
 */
export const PASSING = new RegExp(
  [
    String.raw`^(?:lock|examination|snapshot|restored\.json)(?:/|$)`,
    String.raw`(?:^|/)(?:LOG|LOG\.old|LOCK|process\.json|[^/]*\.sock|[^/]+\.json${PARTIAL_SUFFIX})$`,
    String.raw`/vault/arriving(?:/|$)`,
  ].join('|'),
);
