import { bytesToHex } from '../crypto/bytes.ts';
import { leafHash } from '../crypto/merkle/leafHash.ts';
import { MerkleFrontier } from '../crypto/merkle/MerkleFrontier.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import {
  acknowledgementCheck,
  type AcknowledgementCheck,
  type JudgedEntry,
} from './acknowledgementCheck.ts';
import type { Acknowledgement, SignedCheckpoint } from './evidence.ts';
import type { Address, Organisation } from './ids.ts';
import { succeeds } from './succeeds.ts';
import { logOf } from './networkLookups.ts';
import type { NetworkFile } from './NetworkFile.ts';
import type { SigningContext } from './signing.ts';
import { verifyCheckpoint } from './verifyCheckpoint.ts';

/** How far apart the clocks that a promise and a ledger go by may be, seconds. */
export const PROMISE_MARGIN = 10;

/** What a promise is held against. */
export interface PromiseCase {
  /** Who was promised what. */
  readonly acknowledgement: Acknowledgement;
  /** A checkpoint of that log. */
  readonly checkpoint: SignedCheckpoint;
  /**
   * A moment after which the checkpoint was made, Unix seconds: when the ledger took the log's checkpoint before it,
   * or when coordinators judged an entry that it holds. When the ledger took the checkpoint itself says nothing: it
   * may have waited for the ledger. 0 if nothing is known.
   */
  readonly madeAfter: number;
  /**
   * Other entries of that log, not trusted: where the checkpoint holds one, it was made after coordinators judged it. The
   * earliest of their times counts, so no one of them can say that it is later than it is.
   */
  readonly later?: readonly Omit<Acknowledgement, 'body'>[];
  /** All entries that the checkpoint holds, 32 bytes each, in their order: public, as the log's tiles have them. */
  readonly entries: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** What became of a promise. */
export type PromiseFinding =
  /** The log holds the entry there. */
  | { readonly promise: 'kept'; readonly index: number }
  /** The log does not hold it, and the checkpoint may be from before it was due. */
  | { readonly promise: 'open'; readonly includeBy: number }
  /** The log does not hold it though it was due: who promised it, and the organisation whose log it is. */
  | {
      readonly promise: 'broken';
      readonly includeBy: number;
      readonly signers: readonly Address[];
      readonly organisation: Organisation;
    };

/**
 * Holds a promise of coordinators against a later checkpoint of the log: one that was made after the promise was due
 * and lacks the entry is the proof that it was broken, for everybody who has the pinned network file. The verdicts are
 * signatures of those who promised; the checkpoint, of those who say what the log is.
 *
 * @param context - Domain and primitives.
 * @param network - The pinned network file.
 * @param given - The promise, the checkpoint, its entries.
 * @throws MedsealError `EVIDENCE_INVALID` if what is given does not hold, and so shows nothing.
 */
export async function examinePromise(
  context: SigningContext,
  network: NetworkFile,
  { acknowledgement, checkpoint, madeAfter, later = [], entries }: PromiseCase,
): Promise<PromiseFinding> {
  const { primitives } = context;
  const check = acknowledgementCheck(context, network);
  check.body(acknowledgement);
  verifyCheckpoint(context, network, checkpoint);
  if (checkpoint.log !== acknowledgement.log) throw invalid('the checkpoint is of another log');
  const frontier = MerkleFrontier.empty(primitives);
  const judgedAt = new Map(
    later
      .filter(({ log }) => log === acknowledgement.log)
      .map((each) => [each.entry, judgedBefore(check, each)]),
  );
  let moment = madeAfter;
  let index: number | undefined;
  for await (const entry of entries) {
    const name = bytesToHex(entry);
    if (name === acknowledgement.entry) index ??= frontier.size;
    moment = Math.max(moment, judgedAt.get(name) ?? 0);
    frontier.append(leafHash(primitives, entry));
    if (frontier.size > checkpoint.size) break;
  }
  if (frontier.size !== checkpoint.size || bytesToHex(frontier.root()) !== checkpoint.root) {
    throw invalid('the entries are not those of the checkpoint');
  }
  if (index !== undefined) return { promise: 'kept', index };
  const promises = check.promises(acknowledgement);
  const includeBy = Math.max(...promises.map(({ verdict }) => verdict.includeBy));
  if (moment <= includeBy + PROMISE_MARGIN) return { promise: 'open', includeBy };
  const signers = promises.map(({ coordinator }) => coordinator);
  const { organisation } = logOf(network, acknowledgement.log).log;
  return { promise: 'broken', includeBy, signers, organisation };
}

/** A moment before which an entry cannot have been judged; 0 where too few say that they did. */
function judgedBefore(check: AcknowledgementCheck, judged: JudgedEntry): number {
  const enough = succeeds(() => {
    check.verdicts(judged);
    return true;
  });
  return enough ? Math.min(...check.promises(judged).map(({ verdict }) => verdict.at)) : 0;
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
