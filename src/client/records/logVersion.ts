import { bytesToHex } from '../../crypto/bytes.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { Party } from '../party/Party.ts';
import { evidenceSigner, relianceOf } from '../party/relianceOf.ts';
import type { SealedVersion, VersionBefore } from './sealVersion.ts';
import { submitSigned } from '../agent/submit.ts';

/** A version on a log. */
export interface LoggedVersion extends VersionBefore {
  readonly acknowledgement: Acknowledgement;
  /** True if the version was to be added once and was there before. */
  readonly already?: boolean;
}

/** A signed version that is not submitted yet. */
export interface SignedVersion {
  readonly submission: Submission;
  readonly version: VersionBefore;
}

/**
 * Puts a version that was sealed and uploaded on the log of the party's agent.
 *
 * @param party - The author.
 * @param sealed - The version.
 * @throws MedsealError `RIGHT_MISSING`, `RIGHT_ENDED`; `EPOCH_STALE` if the epoch moved on meanwhile; `EPOCH_DUE`,
 * `EPOCHS_EXHAUSTED`; `FILE_ABSENT` if the upload's lease has ended; `FILE_TAKEN`; `NOT_FOUND`, `REQUEST_ALTERED` for
 * an amendment.
 * @example
 * ```ts
 * const { record: id, category } = record;
 * const version = { handle, category, content: bytes, purpose: 'TREAT', grant } as const;
 * const sealed = await sealVersion(doctor, id, { ...version, amends: record });
 * const { acknowledgement } = await logVersion(doctor, sealed);
 * ```
 */
export async function logVersion(party: Party, sealed: SealedVersion): Promise<LoggedVersion> {
  const { submission, version } = signVersion(party, sealed);
  const { acknowledgement } = await submitSigned(party, submission);
  return { ...version, acknowledgement };
}

/**
 * Signs the request to put a version on the log of the party's agent.
 *
 * @param party - The author.
 * @param sealed - The version, sealed and uploaded.
 */
export function signVersion(party: Party, sealed: SealedVersion): SignedVersion {
  const { handle, record, category, epoch, file, size, grant, purpose, amends } = sealed;
  const author = evidenceSigner(party);
  const line = {
    record,
    version: (amends?.version ?? 0) + 1,
    begunBy: amends?.begunBy ?? author.address,
    about: amends?.about ?? sealed.about ?? ZERO32,
  };
  const relied = relianceOf(party, grant);
  const write: Write = {
    log: party.log,
    action: amends === undefined ? 'add' : 'amend',
    handle,
    ...line,
    category,
    epoch,
    file,
    size,
    grant: relied.grant,
    purpose,
    deadline: seconds(party.clock) + 300,
    salt: bytesToHex(party.random(16)),
  };
  const request = sign(party, author, 'Write', write);
  return {
    submission: { request, ...relied.along },
    version: line,
  };
}
