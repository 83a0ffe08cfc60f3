import type { Bytes32 } from '../../protocol/ids.ts';
import { PARTIAL_SUFFIX } from '../partialFiles.ts';
import type { BackupSignature } from './Manifest.ts';

/** The socket in a data folder through which a running node is asked for a snapshot. */
export const SNAPSHOT_SOCKET = 'backup.sock';
/** Where the snapshot is, within the data folder, as long as the connection lasts. */
export const SNAPSHOT = 'snapshot';

/** What a running node answers, one line of JSON. */
export type SnapshotAnswer =
  | {
      /** The moment that the snapshot is of, Unix seconds. */
      readonly at: number;
      /** Milliseconds for which writes were held back. */
      readonly paused: number;
    }
  | { readonly failed: string };

/** What the node is asked for once the snapshot was copied, one line of JSON. */
export interface SignQuestion {
  /** SHA-256 of all lines of the manifest but the last. */
  readonly sign: Bytes32;
}

/** What it answers, one line of JSON. */
export type SignAnswer =
  { readonly signatures: readonly BackupSignature[] } | { readonly failed: string };

/** What a snapshot does not hold, by path within the data folder: it is of the process, or follows from the rest. */
export const PASSING = new RegExp(
  [
    String.raw`^(?:lock|examination|snapshot|restored\.json)(?:/|$)`,
    String.raw`(?:^|/)(?:LOG|LOG\.old|LOCK|process\.json|[^/]*\.sock|[^/]+\.json${PARTIAL_SUFFIX})$`,
    String.raw`/vault/arriving(?:/|$)`,
  ].join('|'),
);
