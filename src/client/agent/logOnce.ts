import { recallAdded, rememberAdded } from '../records/addedOnce.ts';
import type { LoggedVersion, SignedVersion } from '../records/logVersion.ts';
import type { Party } from '../party/Party.ts';
import { isFinalRefusal } from './isFinalRefusal.ts';
import { submitSigned } from './submit.ts';

/**
 * Puts a signed version on the log once: the device stores the request before it is sent, so that after a crash or a
 * lost answer the same bytes are sent again.
 *
 * @param party - The author.
 * @param once - Name that the device stores it under.
 * @param signed - Signed version.
 * @throws MedsealError with the code of the refusal; then the device forgets it, unless another try may get another
 * answer.
 */
export async function logOnce(
  party: Party,
  once: string,
  signed: SignedVersion,
): Promise<LoggedVersion> {
  const { submission, version } = signed;
  await rememberAdded(party, once, { state: 'signed', submission, version });
  try {
    const { acknowledgement } = await submitSigned(party, submission);
    const logged = { ...version, acknowledgement };
    await rememberAdded(party, once, { state: 'logged', version: logged });
    return logged;
  } catch (error) {
    if (isFinalRefusal(error)) await rememberAdded(party, once, null);
    throw error;
  }
}

/**
 * Finds the version that was already added under a name. A version that was signed, but whose answer this device never
 * got, is submitted again.
 *
 * @param party - The author.
 * @param once - Name that the device stores it under.
 * @returns Version, or undefined if it must be added.
 * @throws MedsealError if nobody answers.
 */
export async function findAdded(party: Party, once: string): Promise<LoggedVersion | undefined> {
  const remembered = await recallAdded(party, once);
  if (remembered === undefined) return undefined;
  if (remembered.state === 'logged') return remembered.version;
  try {
    return await logOnce(party, once, remembered);
  } catch (error) {
    if (isFinalRefusal(error)) return undefined;
    throw error;
  }
}
