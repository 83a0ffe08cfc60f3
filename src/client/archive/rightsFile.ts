import { utf8ToBytes } from '../../crypto/bytes.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import { digestOf, type SigningContext } from '../../protocol/struct/signing.ts';
import { listGrants, type GrantListed } from '../rights/listGrants.ts';
import type { Party } from '../party/Party.ts';
import type { StandingRule } from '../rules/StandingRule.ts';
import { readPatientState } from '../state/PatientState.ts';
import { archiveJson } from './archiveJson.ts';

/** A right in an archive. */
export interface ArchivedRight {
  /** Digest of the grant: its key on the ledger. */
  readonly digest: Bytes32;
  /** Opening of the grant; absent if no device of the patient knows it. */
  readonly grant?: Grant;
  readonly state: GrantListed['state'] | 'ended';
}

/** The rights and rules of a chart, as the patient's device knows them. */
export interface RightsFile {
  readonly format: 'medseal-rights/1';
  readonly handle: Handle;
  readonly rights: readonly ArchivedRight[];
  readonly rules: readonly StandingRule[];
}

/**
 * Collects the rights that a patient gave, those that ended too, and the standing rules.
 *
 * @param party - The patient.
 * @throws MedsealError as `listGrants`.
 */
export async function collectRights(party: Party): Promise<RightsFile> {
  const listed = await listGrants(party);
  const { handle, grants, rules = [] } = await readPatientState(party);
  const standing = new Set(listed.map(({ digest }) => digest));
  const ended = grants
    .filter(({ digest }) => !standing.has(digest))
    .map(({ digest, grant }): ArchivedRight => ({ digest, grant, state: 'ended' }));
  const given = listed.map(({ digest, grant, state }): ArchivedRight => ({
    digest,
    ...(grant && { grant }),
    state,
  }));
  return { format: 'medseal-rights/1', handle, rights: [...ended, ...given], rules };
}

/** Returns rights as the bytes of their file. */
export function formatRights(rights: RightsFile): Uint8Array {
  return utf8ToBytes(`${canonicalJson(rights)}\n`);
}

/**
 * Finds out if rights in a file are not those of a chart: each opening must give its digest.
 *
 * @param context - Domain and primitives.
 * @param handle - The chart.
 * @param bytes - The file.
 * @returns Reason why they are not; undefined if they are.
 */
export function rightsFault(
  context: SigningContext,
  handle: Handle,
  bytes: Uint8Array,
): string | undefined {
  try {
    const file = archiveJson(bytes) as RightsFile;
    if (file.format !== 'medseal-rights/1' || file.handle !== handle) {
      return 'the rights are of another chart';
    }
    const isFalse = file.rights.some(
      ({ digest, grant }) =>
        grant !== undefined &&
        (grant.handle !== handle || digestOf(context, 'Grant', grant) !== digest),
    );
    return isFalse ? 'a right is not the one that its digest names' : undefined;
  } catch {
    return 'the rights are malformed';
  }
}
