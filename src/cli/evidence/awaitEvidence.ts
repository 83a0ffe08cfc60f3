import { fetchReceipt, type ReceiptOptions } from '../../client/audit/fetchReceipt.ts';
import type { Party } from '../../client/party/Party.ts';
import type { Acknowledgement, Receipt } from '../../protocol/evidence/evidence.ts';
import { keepingEvidence } from './keepEvidence.ts';
import type { Wait } from '../program/sharedOptions.ts';
import type { Terminal } from '../terminal/Terminal.ts';

/** Options of `awaitEvidence`: the evidence to wait for, and how to tell whether a promise was due. */
export interface AwaitOptions extends ReceiptOptions {
  /** Value of `--wait`; the acknowledgement alone if absent. */
  readonly wait?: Wait | undefined;
  /** Folder for evidence of broken promises; the current one if absent. */
  readonly folder?: string;
}

/**
 * Waits for the evidence that the user wants, once an entry was acknowledged.
 *
 * @param terminal - Says where evidence of broken promises is kept.
 * @param party - The party that submitted it.
 * @param acknowledgement - The answer to it.
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
