import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { ChainEntry } from '../../protocol/evidence/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Party } from '../party/Party.ts';

/** Listed entries that one hash covers: 10,000 entries take 11 kB, and an erased body has 63 others verified again. */
const BLOCK = 64;
/** The most blocks of one log that are kept: of 262,144 entries, 285 kB. */
const MOST = 4096;

/** Means to hash a list. */
type Hashing = Pick<Party, 'primitives' | 'pause'>;

/** Entries that audits proved, from the first that was listed, as hashes: enough to tell later that they are the same. */
export interface ProvenBlocks {
  /** One for each 64 entries. */
  readonly hashes: readonly Bytes32[];
  /** One for each entry after those. */
  readonly tail: readonly Bytes32[];
}

/**
 * Adds entries that an audit proved, as far as blocks are kept.
 *
 * @param hashing - SHA-256, and the pause between some blocks.
 * @param proven - Those before them.
 * @param added - The entries that follow, in their order.
 */
export async function addToBlocks(
  hashing: Hashing,
  { hashes, tail }: ProvenBlocks,
  added: readonly ChainEntry[],
): Promise<ProvenBlocks> {
  const blocks = [...hashes];
  let open = [...tail];
  for (const entry of added) {
    if (blocks.length === MOST) break;
    open.push(hashOf(hashing, entry));
    if (open.length < BLOCK) continue;
    blocks.push(hashOver(hashing, open));
    open = [];
    await hashing.pause?.();
  }
  return { hashes: blocks, tail: open };
}

/**
 * Returns the entries of a list that are the very same as those that were proven, in blocks: body, verdicts and place. Their
 * proofs of inclusion belong to a checkpoint and are not compared.
 *
 * @param hashing - SHA-256, and the pause between some blocks.
 * @param proven - The kept blocks.
 * @param listed - The entries of the log as a node lists them now; not trusted.
 */
export async function sameAsProven(
  hashing: Hashing,
  { hashes, tail }: ProvenBlocks,
  listed: readonly ChainEntry[],
): Promise<readonly ChainEntry[]> {
  const same: ChainEntry[] = [];
  for (const [nth, hash] of hashes.entries()) {
    const entries = listed.slice(nth * BLOCK, (nth + 1) * BLOCK);
    const own = entries.map((entry) => hashOf(hashing, entry));
    if (hashOver(hashing, own) === hash) same.push(...entries);
    await hashing.pause?.();
  }
  const last = listed.slice(hashes.length * BLOCK).slice(0, tail.length);
  same.push(...last.filter((entry, nth) => hashOf(hashing, entry) === tail[nth]));
  return same;
}

function hashOf({ primitives }: Hashing, { index, entry, body, verdicts }: ChainEntry): Bytes32 {
  // A node that spells the same otherwise has it verified again.
  const text = JSON.stringify([index, entry, body ?? null, verdicts]);
  return bytesToHex(primitives.sha256(utf8ToBytes(text)));
}

function hashOver({ primitives }: Hashing, hashes: readonly Bytes32[]): Bytes32 {
  return bytesToHex(primitives.sha256(concatBytes(...hashes.map(hexToBytes))));
}
