import { seconds } from '../../protocol/Clock.ts';
import { ZERO32, type Address, type Bytes32, type RecordId } from '../../protocol/ids.ts';
import type { Grant } from '../../protocol/requests.ts';
import type { DeviceNamed } from '../../protocol/sensors/deviceCode.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';

/** A grant on the ledger. */
export interface GrantListed {
  readonly digest: Bytes32;
  /** Opening of the grant; absent if no device of the patient knows it. */
  readonly grant?: Grant;
  /** The device that it binds, if the patient's devices know which. */
  readonly device?: DeviceNamed;
  /** `coming`: it begins later. `expired`, `suspended`: it gives nothing now. `unknown`: see `grant`. */
  readonly state: 'holds' | 'coming' | 'expired' | 'suspended' | 'unknown';
}

/**
 * Lists the grants on a patient's chart that have not been ended, as k coordinators confirm them. A grant that no
 * device of the patient knows is listed too, and can be ended by its digest.
 *
 * @param party - The patient.
 * @param of - Record; only the grants that cover it are listed.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `KEY_UNAUTHENTIC`.
 * @example
 * ```ts
 * for (const { digest, state, grant } of await listGrants(patient)) {
 *   console.log(`${digest}: ${state}, ${grant?.terms.grantee ?? 'nobody knows to whom'}`);
 * }
 * ```
 */
export async function listGrants(
  party: Party,
  of?: { readonly record: RecordId; readonly category: Category },
): Promise<readonly GrantListed[]> {
  const { handle, grants: known } = await readPatientState(party);
  const { grants: active = [] } = await confirmFacts(party, { handle, grants: true });
  const openings = new Map(known.map((each) => [each.digest, each]));
  const suspended = new Map<Address, boolean>();
  const listed: GrantListed[] = [];
  for (const digest of active) {
    const { grant, device } = openings.get(digest) ?? {};
    if (grant === undefined) {
      listed.push({ digest, state: 'unknown' });
    } else if (of === undefined || covers(grant, of)) {
      const { grantee } = grant.terms;
      if (!suspended.has(grantee)) {
        const { party: facts } = await confirmFacts(party, { party: grantee });
        suspended.set(grantee, facts?.suspended !== false);
      }
      const state = stateOf(party, grant, suspended.get(grantee) ?? true);
      listed.push({ digest, grant, ...(device && { device }), state });
    }
  }
  return listed;
}

function covers(
  { terms }: Grant,
  { record, category }: { readonly record: RecordId; readonly category: Category },
): boolean {
  return terms.categories.includes(category) && [ZERO32, record].includes(terms.record);
}

function stateOf(party: Party, { terms }: Grant, suspended: boolean): GrantListed['state'] {
  const now = seconds(party.clock);
  if (now >= terms.until) return 'expired';
  if (suspended) return 'suspended';
  return now < terms.from ? 'coming' : 'holds';
}
