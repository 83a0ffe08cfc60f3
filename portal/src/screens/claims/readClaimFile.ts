import { parseClaimFile, type ClaimWaiting, type Party } from '../../../../src/client/index.ts';

/** Largest file that is read, in bytes: a claim has a few kilobytes for each of its records. */
const MOST = 4 * 2 ** 20;

/**
 * Reads the file of a claim that waits for its patient, or that its patient permitted.
 *
 * @param party - Patient or claimant.
 * @param file - As it was chosen, not trusted.
 * @throws MedsealError `ARGUMENT_INVALID` for any other file.
 */
export async function readClaimFile(party: Party, file: File): Promise<ClaimWaiting> {
  const text = file.size > MOST ? '' : await file.text();
  return parseClaimFile(party, text, file.name);
}
