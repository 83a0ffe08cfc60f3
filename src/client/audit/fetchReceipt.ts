import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { acknowledgementCheck } from '../../protocol/evidence/acknowledgementCheck.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Acknowledgement, History, Receipt } from '../../protocol/evidence/evidence.ts';
import { PROMISE_MARGIN } from '../../protocol/evidence/examinePromise.ts';
import { isPending } from '../../protocol/rights/isPending.ts';
import { verifyReceipt } from '../../protocol/evidence/verifyReceipt.ts';
import { followPromise, type PromiseWitnesses } from './followPromise.ts';
import type { Party } from '../party/Party.ts';

/** Least and most milliseconds between two questions, whatever the node suggests. */
const [LEAST_PAUSE, MOST_PAUSE] = [20, 1000];

/** Options of `fetchReceipt`; the witnesses tell if the promise was due when no receipt came. */
export interface ReceiptOptions extends PromiseWitnesses {
  /** Ends the waiting; its reason is thrown. */
  readonly signal?: AbortSignal;
}

/**
 * Waits for the receipt of an acknowledgement until the promise is overdue, and verifies it with the pinned network
 * file.
 *
 * @param party - Party that asks.
 * @param acknowledgement - Acknowledgement of the entry.
 * @param options - See `ReceiptOptions`.
 * @throws MedsealError `PROMISE_OVERDUE` if it does not come in time; `EVIDENCE_INVALID` if the receipt is not valid
 * for the promise; `NOT_FOUND` if the log has no such entry; in place of these `PROMISE_BROKEN` if the witnesses tell
 * that the promise was due: `brokenPromiseOf` returns the proof of misbehaviour.
 * @example
 * ```ts
 * const signal = AbortSignal.timeout(60_000);
 * const receipt = await fetchReceipt(doctor, acknowledgement, { signal });
 * console.log(`entry ${acknowledgement.index} is on the ledger: ${receipt.ledger.transaction}`);
 * ```
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
  // If the statements about the log are not valid either, the first error says more.
  const found = await followPromise(party, acknowledgement, witnesses).catch(() => undefined);
  if (found?.promise !== 'broken' || found.history === undefined) return;
  const { includeBy, checkpoint, signers, history } = found;
  const { log } = acknowledgement;
  const { size } = checkpoint;
  throw new MedsealError(
    'PROMISE_BROKEN',
    { log, includeBy, size, signers: signers.join(', ') },
    { evidence: new PromiseEvidence({ acknowledgement, history, later: witnesses.later ?? [] }) },
  );
}

/** Proof that coordinators broke a promise, for anyone who has the network file. */
export interface BrokenPromise {
  /** The promise. */
  readonly acknowledgement: Acknowledgement;
  /** Log without the promised entry. */
  readonly history: History;
  /**
   * Later acknowledgements that may show that the log is from after the promise was due; otherwise a ledger shows it.
   */
  readonly later: readonly Acknowledgement[];
}

/** Evidence of `PROMISE_BROKEN`. */
class PromiseEvidence {
  readonly broken: BrokenPromise;

  constructor(broken: BrokenPromise) {
    this.broken = broken;
  }
}

/**
 * Returns the proof that coordinators broke a promise, to be saved.
 *
 * @param error - Error that `fetchReceipt` threw.
 * @returns The evidence of `PROMISE_BROKEN`; undefined for any other error.
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * await fetchReceipt(doctor, acknowledgement, { ledger }).catch(async (error: unknown) => {
 *   const proof = brokenPromiseOf(error);
 *   if (proof === undefined) throw error;
 *   await writeFile('acknowledgement.json', formatEvidenceFile(proof.acknowledgement));
 *   await writeFile('history.json', formatEvidenceFile(proof.history));
 * });
 * ```
 */
export function brokenPromiseOf(error: unknown): BrokenPromise | undefined {
  const evidence = isMedsealError(error) ? error.evidence : undefined;
  return evidence instanceof PromiseEvidence ? evidence.broken : undefined;
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

/** Returns the latest time by which coordinators promised that the log would have the entry. */
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
