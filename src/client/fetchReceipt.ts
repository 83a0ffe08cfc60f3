import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Acknowledgement, Receipt } from '../protocol/evidence.ts';
import { verifyReceipt } from '../protocol/verifyReceipt.ts';
import { followPromise } from './followPromise.ts';
import type { Party } from './Party.ts';

/** Milliseconds between two questions. */
const PAUSE = 50;
/** How often it is asked before giving up. */
const ATTEMPTS = 400;

/**
 * Waits for the receipt of what was acknowledged, and checks it against the pinned network file.
 *
 * @param party - Who asks.
 * @param acknowledgement - What was answered before.
 * @param options.ledger - A ledger to ask when no receipt comes: it tells whether the promise was due.
 * @throws MedsealError `NOT_YET` where the checkpoint does not come; `EVIDENCE_INVALID` where it does not hold what
 * was promised; `PROMISE_BROKEN` where that convicts those who promised.
 */
export async function fetchReceipt(
  party: Party,
  acknowledgement: Acknowledgement,
  options: { readonly ledger?: LedgerProvider } = {},
): Promise<Receipt> {
  try {
    return await awaitReceipt(party, acknowledgement);
  } catch (error) {
    if (options.ledger !== undefined) await requireKept(party, acknowledgement, options.ledger);
    throw error;
  }
}

async function requireKept(
  party: Party,
  acknowledgement: Acknowledgement,
  ledger: LedgerProvider,
): Promise<void> {
  // Where what is said of the log does not hold either, the first error says more.
  const found = await followPromise(party, acknowledgement, ledger).catch(() => undefined);
  if (found?.promise !== 'broken') return;
  const { includeBy, checkpoint, signers } = found;
  throw new MedsealError('PROMISE_BROKEN', {
    log: acknowledgement.log,
    includeBy,
    size: checkpoint.size,
    signers: signers.join(', '),
  });
}

async function awaitReceipt(party: Party, acknowledgement: Acknowledgement): Promise<Receipt> {
  const { log, index } = acknowledgement;
  for (let attempt = 1; ; attempt++) {
    try {
      const { checkpoint, inclusion, ledger } = await party.agent.receipt({ log, index });
      const format = 'medseal-receipt/1';
      const receipt: Receipt = { format, acknowledgement, checkpoint, inclusion, ledger };
      verifyReceipt(party, party.network, receipt);
      return receipt;
    } catch (error) {
      if (attempt === ATTEMPTS || !isMedsealError(error, 'NOT_YET')) throw error;
      await pause(party);
    }
  }
}

async function pause(party: Party): Promise<void> {
  await new Promise<void>((resolve) => {
    party.clock.after(PAUSE, resolve);
  });
}
