import { fetchReceipt, type ReceiptOptions } from '../client/fetchReceipt.ts';
import type { Party } from '../client/Party.ts';
import type { Acknowledgement, Receipt } from '../protocol/evidence.ts';
import { keepingEvidence } from './keepEvidence.ts';
import type { Wait } from './sharedOptions.ts';
import type { Terminal } from './terminal/Terminal.ts';

/** What is waited for, and what tells whether a promise was due. */
export interface AwaitOptions extends ReceiptOptions {
  /** What `--wait` said; the acknowledgement alone if absent. */
  readonly wait?: Wait | undefined;
  /** Where what convicts those who broke a promise is kept; here if absent. */
  readonly folder?: string;
}

/**
 * Waits for what the user wants to wait for, once something was acknowledged.
 *
 * @param terminal - Says where what convicts somebody is kept.
 * @param party - Who submitted it.
 * @param acknowledgement - What was answered.
 * @param options - See `AwaitOptions`.
 * @returns The receipt, verified with the network file alone, if it was waited for.
 * @throws MedsealError as `fetchReceipt`.
 */
export async function awaitEvidence(
  terminal: Pick<Terminal, 'note'>,
  party: Party,
  acknowledgement: Acknowledgement,
  { wait, folder = '.', ...options }: AwaitOptions,
): Promise<Receipt | undefined> {
  if (wait !== 'receipt') return undefined;
  const work = async (): Promise<Receipt> => await fetchReceipt(party, acknowledgement, options);
  return await keepingEvidence(terminal, folder, work);
}
