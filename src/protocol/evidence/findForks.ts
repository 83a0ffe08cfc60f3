import { bytesToHex } from '../../crypto/bytes.ts';
import type { History, Receipt, SignedCheckpoint } from './evidence.ts';
import { convicted, examineFork, type Fork } from '../network/examineFork.ts';
import type { LogName } from '../ids.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import type { SigningContext } from '../struct/signing.ts';
import { verifyHistory } from './verifyHistory.ts';

/** Evidence of which each piece is valid by itself. */
export interface DatedEvidence {
  readonly receipts: readonly Receipt[];
  readonly histories: readonly History[];
}

/** Two histories of one log, with those they convict and the reason. */
export interface FoundFork extends Fork {
  readonly log: LogName;
  /** Sizes of the two checkpoints. */
  readonly sizes: readonly [number, number];
  /** Contradiction, in words. */
  readonly why: string;
}

/**
 * Finds contradictions in evidence of which each piece is valid by itself: checkpoints of one size with two roots;
 * receipts for two entries at one place; entries of a history that do not match a smaller checkpoint of that log.
 *
 * @param context - Domain and primitives.
 * @param network - The pinned network file.
 * @param evidence - Receipts and histories.
 * @throws MedsealError `EVIDENCE_INVALID` if one of them is not valid.
 */
export function findForks(
  context: SigningContext,
  network: NetworkFile,
  { receipts, histories }: DatedEvidence,
): readonly FoundFork[] {
  const forks: FoundFork[] = [];
  const checkpoints = [...receipts, ...histories].map(({ checkpoint }) => checkpoint);
  const bySize = new Map<string, SignedCheckpoint>();
  for (const checkpoint of checkpoints) {
    const { log, size } = checkpoint;
    const known = bySize.get(`${log} ${size}`) ?? checkpoint;
    bySize.set(`${log} ${size}`, known);
    const fork = examineFork(context, network, known, checkpoint);
    if (fork !== undefined) note(fork, [known, checkpoint], `two roots of ${size} entries`);
  }
  const byPlace = new Map<string, Receipt>();
  for (const receipt of receipts) {
    const { log, index, entry } = receipt.acknowledgement;
    const known = byPlace.get(`${log} ${index}`) ?? receipt;
    byPlace.set(`${log} ${index}`, known);
    if (known.acknowledgement.entry === entry) continue;
    compare(known.checkpoint, receipt.checkpoint, `two entries at #${index}`);
  }
  for (const history of histories) examine(history);
  return forks;

  /** Compares all known smaller sizes and single places with the entries of a history. */
  function examine(history: History): void {
    const { checkpoint } = history;
    const { entries, rootsAt } = verifyHistory(context, network, history);
    const smaller = [...bySize.values()].filter(
      ({ log, size }) => log === checkpoint.log && size < checkpoint.size,
    );
    const roots = rootsAt(smaller.map(({ size }) => size));
    for (const other of smaller) {
      if (roots.get(other.size) === other.root) continue;
      compare(other, checkpoint, `of the first ${other.size} entries two roots`);
    }
    for (const { acknowledgement, checkpoint: other } of byPlace.values()) {
      const { log, index, entry } = acknowledgement;
      const there = entries[index];
      if (log !== checkpoint.log || there === undefined || bytesToHex(there) === entry) continue;
      if (other.size > checkpoint.size) compare(checkpoint, other, `two entries at #${index}`);
    }
  }

  function compare(one: SignedCheckpoint, other: SignedCheckpoint, why: string): void {
    // Checkpoints of one size were compared by their roots.
    if (one.size === other.size) return;
    note(convicted(context, network, one, other), [one, other], why);
  }

  function note(
    fork: Fork,
    [one, other]: readonly [SignedCheckpoint, SignedCheckpoint],
    why: string,
  ): void {
    const sizes = [Math.min(one.size, other.size), Math.max(one.size, other.size)] as const;
    const known = forks.some(
      ({ log, sizes: [small, large] }) =>
        log === one.log && small === sizes[0] && large === sizes[1],
    );
    if (!known) forks.push({ ...fork, log: one.log, sizes, why });
  }
}
