import { hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { verifyInclusion } from '../../crypto/merkle/verifyInclusion.ts';
import { openCheckpoint } from '../../crypto/note/openCheckpoint.ts';
import { BYTES32, ListOf } from '../wire/findShapeError.ts';
import type { Bytes32, LogName } from '../ids.ts';
import { logOf } from '../network/networkLookups.ts';
import { logKeysOf } from '../network/officesOf.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import { shapeOfType } from '../shapes/shapeOfType.ts';
import type { SigningContext } from '../struct/signing.ts';
import { succeeds } from '../wire/succeeds.ts';

/** The longest proof of a tree whose size is a safe integer. */
const LONGEST = 53;

/** An entry of a log, proven in a tree that the log signed. */
export interface SignedEntry {
  /** Size and root of the tree, as a C2SP signed note. */
  readonly note: string;
  readonly entry: Bytes32;
  /** RFC 9162 inclusion proof, the hash nearest to the leaf first. */
  readonly proof: readonly Bytes32[];
}

/** Proof that a log signed two histories: two trees with different entries at one place. */
export interface LogConflict {
  readonly log: LogName;
  /** The place. */
  readonly index: number;
  readonly one: SignedEntry;
  readonly other: SignedEntry;
}

const SIGNED_ENTRY = shapeOfType<SignedEntry>('SignedEntry')({
  note: 'text',
  entry: BYTES32,
  proof: new ListOf(BYTES32, LONGEST),
});

/** `LogConflict` */
export const LOG_CONFLICT = shapeOfType<LogConflict>('LogConflict')({
  log: 'text',
  index: 'count',
  one: SIGNED_ENTRY,
  other: SIGNED_ENTRY,
});

/**
 * Tells whether a log's present key signed two trees with different entries at one place. A former key counts for nothing: its
 * thief could accuse the log's organisation.
 *
 * @param context - Hashes and signatures.
 * @param network - The network file.
 * @param conflict - Not trusted.
 */
export function verifyLogConflict(
  context: Pick<SigningContext, 'primitives'>,
  network: NetworkFile,
  conflict: LogConflict,
): boolean {
  return succeeds(() => {
    const { origin, key } = logOf(network, conflict.log).log;
    return isSignedBy(context, origin, key, conflict);
  });
}

/**
 * Returns the key of a log that signed two trees with different entries at one place: its present one, or one that it had before.
 *
 * @param context - Hashes and signatures.
 * @param network - The network file, which names the log.
 * @param conflict - Not trusted.
 * @returns Undefined if none signed both.
 */
export function keyOfConflict(
  context: Pick<SigningContext, 'primitives'>,
  network: NetworkFile,
  conflict: LogConflict,
): string | undefined {
  const { origin } = logOf(network, conflict.log).log;
  return logKeysOf(network, conflict.log).find((key) => isSignedBy(context, origin, key, conflict));
}

function isSignedBy(
  { primitives }: Pick<SigningContext, 'primitives'>,
  origin: string,
  key: string,
  { index, one, other }: LogConflict,
): boolean {
  if (one.entry === other.entry) return false;
  return [one, other].every(({ note, entry, proof: hashes }) =>
    succeeds(() => {
      const said = openCheckpoint(primitives, { origin, keys: [key] }, note);
      if (said === undefined) return false;
      const leaf = leafHash(primitives, hexToBytes(entry));
      const proof = hashes.map(hexToBytes);
      return verifyInclusion(primitives, { index, size: said.size, leaf, proof, root: said.root });
    }),
  );
}
