import { BYTES32, Either } from '../protocol/wire/findShapeError.ts';
import type { Of } from '../protocol/struct/Of.ts';
import { PARTIAL_SUFFIX } from '../folder/partialFiles.ts';
import { SIGNATURES } from './Manifest.ts';

/** The socket in a data folder through which a running node is asked for a snapshot. */
export const SNAPSHOT_SOCKET = 'backup.sock';
/** Folder of the snapshot, within the data folder, as long as the connection lasts. */
export const SNAPSHOT = 'snapshot';

/** Answer of a running node, one line of JSON. */
export const SNAPSHOT_ANSWER = new Either(
  {
    /** Moment of the snapshot, Unix seconds. */
    at: 'count',
    /** Milliseconds for which writes were held back. */
    paused: 'count',
  },
  { failed: 'text' },
);
export type SnapshotAnswer = Of<typeof SNAPSHOT_ANSWER>;

/** Question to the node once the snapshot was copied, one line of JSON. */
export const SIGN_QUESTION = {
  /** SHA-256 of all lines of the manifest but the last. */
  sign: BYTES32,
} as const;
export type SignQuestion = Of<typeof SIGN_QUESTION>;

/** Answer to it, one line of JSON. */
export const SIGN_ANSWER = new Either({ signatures: SIGNATURES }, { failed: 'text' });
export type SignAnswer = Of<typeof SIGN_ANSWER>;

/**
 * Paths within the data folder that a snapshot leaves out: they belong to the process, or can be derived from the rest.
 */
export const PASSING = new RegExp(
  [
    // A copy of a validator beside the original would sign twice; its ledger comes from the others.
    String.raw`^(?:lock|examination|snapshot|validator|restored\.json|operator\.json)(?:/|$)`,
    String.raw`(?:^|/)(?:LOG|LOG\.old|LOCK|process\.json|[^/]*\.sock|[^/]+\.json${PARTIAL_SUFFIX})$`,
    // It follows from the ledger, and is read from it again.
    String.raw`^node/ledger/index(?:/|$)`,
    // The id by which a folder has a store: a restored folder is another one.
    String.raw`/vault/(?:arriving(?:/|$)|store\.json$)`,
    // The same of stores at a server, and secrets of bodies that are apart from them: a backup has whole stores.
    String.raw`^node/[^/]+/(?:stores\.json$|secrets(?:/|$))`,
  ].join('|'),
);
