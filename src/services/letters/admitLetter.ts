import { MedsealError } from '../../errors/MedsealError.ts';
import type { SentLetter } from '../../protocol/AgentPort.ts';
import type { Address } from '../../protocol/ids.ts';
import type { DepositStore } from '../deposits/DepositStore.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { checkLetter } from './checkLetter.ts';
import type { StoredLetter } from './LetterStore.ts';
import { readersOfStep } from './readersOfStep.ts';

/** Seconds for which a stranger's letter may wait, at most. */
export const LONGEST_OF_STRANGER = 14 * 24 * 3600;

/**
 * Checks a letter, and finds out whether a stranger sent it: no right stands between sender and reader that one of
 * them, as the patient, gave the other. A letter about a step that the ledger counted has a place of its own:
 * the step can be neither taken back nor taken again.
 *
 * @param context - The node's own view.
 * @param deposits - Deposits of the node.
 * @param offered - Not trusted.
 * @throws MedsealError as `checkLetter` does; `REQUEST_EARLY` if a stranger's letter is to wait for longer than 14
 * days.
 */
export async function admitLetter(
  context: ServiceContext,
  deposits: Pick<DepositStore, 'grantees' | 'source'>,
  offered: SentLetter,
): Promise<StoredLetter> {
  const checked = checkLetter(context, offered);
  if (await tellsOfStep(context, deposits, checked.letter)) return { ...checked, giver: 'step' };
  const { party: from, message } = checked.letter.request;
  // Devices of one party tell each other what they know, for longer than strangers may.
  const giver =
    message.to === from || (await gave(message.to, from))
      ? 'reader'
      : (await gave(from, message.to))
        ? 'sender'
        : 'nobody';
  if (giver === 'nobody' && message.until > context.index.moment + LONGEST_OF_STRANGER) {
    throw new MedsealError('REQUEST_EARLY', {});
  }
  return { ...checked, giver };

  /** Tells whether a right stands that a patient gave somebody. */
  async function gave(patient: Address, grantee: Address): Promise<boolean> {
    const { index } = context;
    const handle = index.party(patient)?.handle;
    if (handle === undefined) return false;
    const given = await deposits.grantees(handle);
    return given.some((each) => {
      return each.grantee === grantee && index.grant(each.grant)?.state === 'active';
    });
  }
}

/** Tells whether a letter is of who took a step, to one whom it concerns. */
async function tellsOfStep(
  context: ServiceContext,
  deposits: Pick<DepositStore, 'source'>,
  { request: { party, message }, step }: SentLetter,
): Promise<boolean> {
  const told = step === undefined ? undefined : await readersOfStep(context, deposits, step);
  return told?.by === party && party !== message.to && told.readers.includes(message.to);
}
