import { MedsealError } from '../errors/MedsealError.ts';
import { recallAdded, rememberAdded } from './addedOnce.ts';
import type { LoggedVersion, SignedVersion } from './logVersion.ts';
import type { Party } from './Party.ts';
import { submitSigned } from './submit.ts';

/**
 * Puts a signed version on the log once: the device knows the request before anybody else does, so that after a crash
 * or a lost answer the same bytes are sent again.
 *
 * @param party - The author.
 * @param once - The name that it is remembered under.
 * @param signed - What is submitted.
 * @throws MedsealError with the code of the refusal; then it is forgotten, unless the same may be answered otherwise
 * at another try.
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
    if (isFinal(error)) await rememberAdded(party, once, null);
    throw error;
  }
}

/**
 * The version that stands on a log already of what is to be added once. One that was signed, and whose answer this
 * device never got, is asked for again.
 *
 * @param party - The author.
 * @param once - The name that it is remembered under.
 * @returns Undefined if there is none, and it is to be added.
 * @throws MedsealError if nobody answers.
 */
export async function findAdded(party: Party, once: string): Promise<LoggedVersion | undefined> {
  const remembered = await recallAdded(party, once);
  if (remembered === undefined) return undefined;
  if (remembered.state === 'logged') return remembered.version;
  try {
    return await logOnce(party, once, remembered);
  } catch (error) {
    if (isFinal(error)) return undefined;
    throw error;
  }
}

/** What is wrong with an answer, which says nothing of what became of the request. */
const UNANSWERED: readonly string[] = ['EVIDENCE_INVALID', 'PEER_MALFORMED', 'PEER_UNAUTHENTIC'];

/** Tells whether a request was refused for good: it is on no log, and never will be. */
function isFinal(error: unknown): boolean {
  return error instanceof MedsealError && !error.retry && !UNANSWERED.includes(error.code);
}
