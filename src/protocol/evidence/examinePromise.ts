import { bytesToHex } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  acknowledgementCheck,
  type AcknowledgementCheck,
  type JudgedEntry,
} from './acknowledgementCheck.ts';
import type { Acknowledgement, SignedCheckpoint } from './evidence.ts';
import type { Address, Organisation } from '../ids.ts';
import { succeeds } from '../wire/succeeds.ts';
import { logOf } from '../network/networkLookups.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import type { SigningContext } from '../struct/signing.ts';
import { verifyCheckpoint } from './verifyCheckpoint.ts';

/** Largest difference between the clocks of a coordinator and a ledger, seconds. */
export const PROMISE_MARGIN = 10;

/** A promise, and the checkpoint to compare it with. */
export interface PromiseCase {
  /** Acknowledgement that contains the promise. */
  readonly acknowledgement: Acknowledgement;
  /** A checkpoint of that log. */
  readonly checkpoint: SignedCheckpoint;
  /**
   * A moment after which the checkpoint was made, Unix seconds: when the ledger took the log's checkpoint before it, or
   * when coordinators judged an entry that it holds. The time at which the ledger took the checkpoint itself proves
   * nothing: it may have waited for the ledger. 0 if nothing is known.
   */
  readonly madeAfter: number;
  /**
   * Other entries of that log, not trusted: if the checkpoint holds one, it was made after coordinators judged it. The
   * earliest of their times counts, so no single coordinator can make it later.
   */
  readonly later?: readonly Omit<Acknowledgement, 'body'>[];
  /** All entries that the checkpoint holds, 32 bytes each, in their order: public, as the log's tiles have them. */
  readonly entries: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Finding about a promise. */
export type PromiseFinding =
  /** The log holds the entry there. */
  | { readonly promise: 'kept'; readonly index: number }
  /** The log does not hold it, and the checkpoint may be from before it was due. */
  | { readonly promise: 'open'; readonly includeBy: number }
  /**
   * The log does not hold it although it was due: coordinators that promised it, and the organisation that runs the
   * log.
   */
  | {
      readonly promise: 'broken';
      readonly includeBy: number;
      readonly signers: readonly Address[];
      readonly organisation: Organisation;
    };

/**
 * Compares a promise of coordinators with a later checkpoint of the log: one that was made after the promise was due
 * and lacks the entry proves that it was broken, for everybody who has the pinned network file. The verdicts are signed
 * by the coordinators that promised; the checkpoint by those that state what the log is.
 *
 * @param context - Domain and primitives.
 * @param network - The pinned network file.
 * @param given - The promise, the checkpoint, its entries.
 * @throws MedsealError `EVIDENCE_INVALID` if the given evidence is not valid, and so proves nothing.
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

/** Returns a moment before which an entry cannot have been judged; 0 if there is no quorum. */
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
