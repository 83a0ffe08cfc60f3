import { BYTES32, OneOf, SIGNATURE } from '../../protocol/wire/findShapeError.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { CHECKPOINT_REQUEST } from '../peers/peerShapes.ts';
import { isRowOf } from './coordinatorKeys.ts';

/** Shapes of the rows of a coordinator, whose keys `coordinatorKeys.ts` spells. */

/** An answer: until when the log must hold its entry, Unix seconds. */
export const STORED_ANSWER = { flag: new OneOf('A', 'R'), includeBy: 'count' } as const;
export type StoredAnswer = Of<typeof STORED_ANSWER>;

/** A claim of a request on a version, or of the entry of a summary: until when the log must hold the entry. */
export const REQUEST_CLAIM = {
  by: BYTES32,
  log: 'text',
  at: 'count',
  includeBy: 'count',
} as const;
export type RequestClaim = Of<typeof REQUEST_CLAIM>;

/** A claim on a sealed file; `by` is `handle/record/version`. */
export const FILE_CLAIM = {
  ...REQUEST_CLAIM,
  by: /^0x[0-9a-f]{64}\/0x[0-9a-f]{64}\/[1-9][0-9]{0,15}$/,
} as const;

/** A claim of either kind. */
export type StoredClaim = Of<typeof FILE_CLAIM>;

/** Returns the shape of the claim under a key. */
export function claimShape(key: string): typeof FILE_CLAIM | typeof REQUEST_CLAIM {
  return isRowOf('file', key) ? FILE_CLAIM : REQUEST_CLAIM;
}

/**
 * A release of shares: id of the log, with which share of the release key, to which recipient (its SHA-256), when first (Unix
 * seconds), and the coordinator's signature over that and the entry alone (`ShareRelease`), so that nobody alters the note
 * unseen.
 */
export const RELEASED_ROW = {
  log: BYTES32,
  key: BYTES32,
  recipient: BYTES32,
  at: 'count',
  signature: SIGNATURE,
  /** Of the view; absent in notes of before releases were found by it. */
  'handle?': BYTES32,
  /** Of a set of views: its entry, and the leaf of the record version. */
  'of?': { entry: BYTES32, leaf: BYTES32 },
  /** Of the view of a takeover, which names no file: the hash of the one seal that it opened. */
  'seal?': BYTES32,
} as const;
export type ReleasedRow = Of<typeof RELEASED_ROW>;

/** Bodies that were judged together, each with the key that finds its entry in the log, and whether it erases. */
export const DUE_ROW = {
  log: 'text',
  includeBy: 'count',
  /** Bytes of all of them. */
  bytes: 'count',
  bodies: [{ entry: BYTES32, request: BYTES32, deadline: 'count', 'erases?': 'boolean' }],
} as const;
export type DueRow = Of<typeof DUE_ROW>;

/**
 * A checkpoint that it waits for since it was restored, or that is over all that it may have forgotten to have signed: earliest time
 * of its block, Unix seconds.
 */
export const AWAITED_ROW = { after: 'count' } as const;

/**
 * The end of a log: its size; whether the coordinator ended it by itself; and by which network file, by its number, so many ended it
 * there that no further checkpoint comes.
 */
export const ENDED_ROW = { size: 'count', 'own?': 'boolean', 'agreed?': 'count' } as const;
export type EndedRow = Of<typeof ENDED_ROW>;

const { log, ...presented } = CHECKPOINT_REQUEST.shape;

/** Entries that a log presented. As with the request, nothing limits a proof in it that does not hold. */
export const PRESENTED_ROW = presented;

/** Proof that a coordinator keeps if it was asked to sign over an entry that too few judged. */
export const UNJUDGED_PROOF = {
  log,
  ...presented,
  /** The right edge of the log's tree before the presented entries. */
  peaks: [BYTES32],
} as const;
export type UnjudgedProof = Of<typeof UNJUDGED_PROOF>;
