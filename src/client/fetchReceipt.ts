import { isMedsealError } from '../errors/isMedsealError.ts';
import type { Acknowledgement, Receipt } from '../protocol/evidence.ts';
import { verifyReceipt } from '../protocol/verifyReceipt.ts';
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
 * @throws MedsealError `NOT_YET` where the checkpoint does not come; `EVIDENCE_INVALID` where it does not hold what
 * was promised.
 */
export async function fetchReceipt(
  party: Party,
  acknowledgement: Acknowledgement,
): Promise<Receipt> {
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
