import { bytesToHex } from '../../crypto/bytes.ts';
import { answerTo } from '../../protocol/evidence/answeredBy.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { findAdded, logOnce } from '../agent/logOnce.ts';
import { followRefused, underFollowed } from '../party/followRefused.ts';
import { logVersion, signVersion, type LoggedVersion } from './logVersion.ts';
import type { Party } from '../party/Party.ts';
import { sealVersion, type NewVersion } from './sealVersion.ts';

/** Number of times that a version is sealed if the epoch moves on meanwhile, or another write names its file first. */
const ATTEMPTS = 3;

/**
 * Seals a version of a record to the patient's present epoch, stores it, and puts it on the log.
 *
 * @param party - The author.
 * @param version - Content, patient, and right to rely on.
 * @returns The record's id and version with the acknowledgement.
 * @throws MedsealError `RIGHT_MISSING`, `RIGHT_ENDED`; `NOT_FOUND` if nobody controls the handle, or the amended
 * version is not on the chart; `KEY_PENDING` if the patient has no keys of the category yet; `EPOCHS_EXHAUSTED` if the
 * patient must commit to epochs first; `EPOCH_STALE`, `EPOCH_DUE` if the keys turned at each attempt;
 * `FILE_BEYOND_QUOTA`, `QUOTA_SPENT`; `ARGUMENT_INVALID`; `KEY_UNAUTHENTIC`; `REQUEST_ALTERED` if another version
 * amended the same one; `SEAL_UNGUARDED` if the channel got another release key, and the node shows no network file with it that
 * follows from the party's: then open the party again.
 * @example
 * ```ts
 * const terms = { handle, category: 'other', purpose: 'TREAT', grant } as const;
 * const content = new TextEncoder().encode('Cough since Monday.');
 * const amends = await addRecord(doctor, { ...terms, content });
 * const corrected = new TextEncoder().encode('Cough since Tuesday.');
 * await addRecord(doctor, { ...terms, content: corrected, amends });
 * ```
 */
export async function addRecord(party: Party, version: NewVersion): Promise<LoggedVersion> {
  const { once } = version;
  const before = once === undefined ? undefined : await findAdded(party, once);
  if (before !== undefined) return { ...before, already: true };
  let author = underFollowed(party);
  for (let attempt = 1; ; attempt++) {
    // A coordinator that agreed to the former attempt knows its record, so another attempt is another record.
    const { amends, answers } = version;
    const record =
      amends?.record ?? (answers === undefined ? bytesToHex(party.random(32)) : answerTo(answers));
    try {
      const sealed = await sealVersion(author, record, version);
      return once === undefined
        ? await logVersion(author, sealed)
        : await logOnce(author, once, signVersion(author, sealed));
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      if (isMedsealError(error, 'SEAL_UNGUARDED')) {
        // The channel has another release key since the party was opened.
        const next = await followRefused(party);
        if (next === undefined) throw error;
        author = next;
      } else if (!mayTryAgain(error)) throw error;
    }
  }
}

/** Tells whether sealing again may help: the patient's keys turned or must turn, or another write names the file. */
function mayTryAgain(error: unknown): boolean {
  return (['EPOCH_STALE', 'EPOCH_DUE', 'FILE_TAKEN'] as const).some((code) =>
    isMedsealError(error, code),
  );
}
