import {
  formatClaimFile,
  parseClaimFile,
  type ClaimWaiting,
} from '../../client/care/claims/claimFile.ts';
import type { ClaimPrepared } from '../../client/care/claims/prepareClaim.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import type { PatientContact } from '../contact/findContact.ts';
import type { Visitor } from '../home/openVisitor.ts';
import { readGivenText } from '../program/readGiven.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';

/**
 * Reads the file of a claim, or of an answer to its insurer, that waits for its patient or that its patient permitted.
 *
 * @param visitor - Patient or claimant.
 * @param path - The file, not trusted.
 * @throws MedsealError `ARGUMENT_INVALID` for any other file.
 */
export async function readWaitingClaim({ party }: Visitor, path: string): Promise<ClaimWaiting> {
  return parseClaimFile(party, await readGivenText(path), path);
}

/**
 * Writes such a file.
 *
 * @param path - The file; one that is there is replaced.
 * @param prepared - The claim, with the entries that its patient is to permit.
 * @param permits - The patient's rights, once they are given.
 */
export async function writeWaitingClaim(
  path: string,
  prepared: ClaimPrepared,
  permits: readonly Grant[] = [],
): Promise<void> {
  await writeFileWhole(path, formatClaimFile(prepared, permits));
}

/**
 * Requires a file for what another patient has to permit, and none on one's own chart.
 *
 * @param patient - Patient of the chart.
 * @param out - Value of `--out`.
 * @throws MedsealError `ARGUMENT_INVALID`.
 */
export function requireFileIfAnothers({ own }: PatientContact, out: string | undefined): void {
  if (own === (out === undefined)) return;
  const reason = own
    ? 'on your own chart nobody else has to permit it'
    : 'name a file, which the patient permits';
  throw new MedsealError('ARGUMENT_INVALID', { argument: '--out', reason });
}
