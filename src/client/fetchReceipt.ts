import { MedsealError } from '../errors/MedsealError.ts';
import { acknowledgementCheck } from '../protocol/acknowledgementCheck.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Acknowledgement, History, Receipt } from '../protocol/evidence.ts';
import { PROMISE_MARGIN } from '../protocol/examinePromise.ts';
import { isPending } from '../protocol/isPending.ts';
import { verifyReceipt } from '../protocol/verifyReceipt.ts';
import { followPromise, type PromiseWitnesses } from './followPromise.ts';
import type { Party } from './Party.ts';

/** Least and most milliseconds between two questions, whatever the node suggests. */
const [LEAST_PAUSE, MOST_PAUSE] = [20, 1000];

/** How a receipt is waited for, and what tells, if none comes, whether the promise was due. */
export interface ReceiptOptions extends PromiseWitnesses {
  /** Ends the waiting; what it was ended with is thrown. */
  readonly signal?: AbortSignal;
}

/**
 * Waits for the receipt of what was acknowledged, no longer than until what was promised is overdue, and checks it
 * against the pinned network file.
 *
 * @param party - Who asks.
 * @param acknowledgement - What was answered before.
 * @param options - See `ReceiptOptions`.
 * @throws MedsealError `PROMISE_OVERDUE` if it does not come in time; `EVIDENCE_INVALID` if it does not hold what
 * was promised; `NOT_FOUND` if the log has no such entry; in place of these `PROMISE_BROKEN` if the witnesses tell
 * that the promise was due: `brokenPromiseOf` gives what convicts those who made it.
 */
export async function fetchReceipt(
  party: Party,
  acknowledgement: Acknowledgement,
  options: ReceiptOptions = {},
): Promise<Receipt> {
  const { signal, ...witnesses } = options;
  try {
    return await awaitReceipt(party, acknowledgement, signal);
  } catch (error) {
    const { ledger, later = [] } = witnesses;
    const told = ledger !== undefined || later.length > 0;
    if (told && signal?.aborted !== true) await requireKept(party, acknowledgement, witnesses);
    throw error;
  }
}

async function requireKept(
  party: Party,
  acknowledgement: Acknowledgement,
  witnesses: PromiseWitnesses,
): Promise<void> {
  // Where what is said of the log does not hold either, the first error says more.
  const found = await followPromise(party, acknowledgement, witnesses).catch(() => undefined);
  if (found?.promise !== 'broken' || found.history === undefined) return;
  const { includeBy, checkpoint, signers, history } = found;
  const error = new MedsealError('PROMISE_BROKEN', {
    log: acknowledgement.log,
    includeBy,
    size: checkpoint.size,
    signers: signers.join(', '),
  });
  const { later = [] } = witnesses;
  broken.set(error, { acknowledgement, history, later });
  throw error;
}

/** What convicts those who broke a promise, for whoever has the network file and these. */
export interface BrokenPromise {
  /** The promise. */
  readonly acknowledgement: Acknowledgement;
  /** The log without it. */
  readonly history: History;
  /** What may tell that the log is from after the promise was due; if none of it does, a ledger does. */
  readonly later: readonly Acknowledgement[];
}

const broken = new WeakMap<Error, BrokenPromise>();

/**
 * What convicts those who broke a promise, to be kept.
 *
 * @param error - What `fetchReceipt` threw.
 * @returns The evidence of `PROMISE_BROKEN`; undefined for any other error.
 */
export function brokenPromiseOf(error: unknown): BrokenPromise | undefined {
  return error instanceof Error ? broken.get(error) : undefined;
}

async function awaitReceipt(
  party: Party,
  acknowledgement: Acknowledgement,
  signal: AbortSignal | undefined,
): Promise<Receipt> {
  const { log, index } = acknowledgement;
  const includeBy = dueOf(party, acknowledgement);
  for (;;) {
    signal?.throwIfAborted();
    const answer = await party.agent.receipt({ log, index });
    if (!isPending(answer)) {
      const { checkpoint, inclusion, ledger } = answer;
      const format = 'medseal-receipt/1';
      const receipt: Receipt = { format, acknowledgement, checkpoint, inclusion, ledger };
      verifyReceipt(party, party.network, receipt);
      return receipt;
    }
    if (seconds(party.clock) > includeBy + PROMISE_MARGIN) {
      throw new MedsealError('PROMISE_OVERDUE', { log, includeBy });
    }
    await pause(party, answer.retryAfter, signal);
  }
}

/** By when the last of those who promised said that the log would have the entry. */
function dueOf(party: Party, acknowledgement: Acknowledgement): number {
  const promises = acknowledgementCheck(party, party.network).promises(acknowledgement);
  if (promises.length === 0) {
    throw new MedsealError('EVIDENCE_INVALID', { reason: 'nobody promised the entry' });
  }
  return Math.max(...promises.map(({ verdict }) => verdict.includeBy));
}

async function pause(
  { clock }: Party,
  suggested: unknown,
  signal: AbortSignal | undefined,
): Promise<void> {
  const wanted = typeof suggested === 'number' && suggested > LEAST_PAUSE ? suggested : LEAST_PAUSE;
  if (signal?.aborted === true) return;
  await new Promise<void>((resolve) => {
    const cancel = clock.after(Math.min(wanted, MOST_PAUSE), done);
    signal?.addEventListener('abort', done, { once: true });
    function done(): void {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
}
