import { seconds } from '../protocol/Clock.ts';
import { ZERO32, type Address, type Bytes32, type RecordId } from '../protocol/ids.ts';
import type { Grant } from '../protocol/requests.ts';
import type { Category } from '../protocol/vocabulary.ts';
import { confirmFacts } from './confirmFacts.ts';
import type { Party } from './Party.ts';
import { readPatientState } from './PatientState.ts';

/** A grant that stands on the ledger. */
export interface GrantListed {
  readonly digest: Bytes32;
  /** What it gives to whom; absent if no device of the patient knows it. */
  readonly grant?: Grant;
  /** `coming`: it begins later. `expired`, `suspended`: nothing can be done with it now. `unknown`: see `grant`. */
  readonly state: 'holds' | 'coming' | 'expired' | 'suspended' | 'unknown';
}

/**
 * Who may do what with a patient's chart, for what, until when: all grants that nobody ended, as k coordinators
 * attest them. One that no device of the patient knows is among them, and can be ended by its digest.
 *
 * @param party - The patient.
 * @param of - One record, where only the grants that cover it are asked for.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `KEY_UNAUTHENTIC`.
 */
export async function listGrants(
  party: Party,
  of?: { readonly record: RecordId; readonly category: Category },
): Promise<readonly GrantListed[]> {
  const { handle, grants: known } = await readPatientState(party);
  const { grants: active = [] } = await confirmFacts(party, { handle, grants: true });
  const openings = new Map(known.map(({ digest, grant }) => [digest, grant]));
  const suspended = new Map<Address, boolean>();
  const listed: GrantListed[] = [];
  for (const digest of active) {
    const grant = openings.get(digest);
    if (grant === undefined) {
      listed.push({ digest, state: 'unknown' });
    } else if (of === undefined || covers(grant, of)) {
      const { grantee } = grant.terms;
      if (!suspended.has(grantee)) {
        const { party: facts } = await confirmFacts(party, { party: grantee });
        suspended.set(grantee, facts?.suspended !== false);
      }
      listed.push({ digest, grant, state: stateOf(party, grant, suspended.get(grantee) ?? true) });
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
