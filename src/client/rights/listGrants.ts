import { isMedsealError } from '../../errors/isMedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import { BYTES32 } from '../../protocol/wire/findShapeError.ts';
import { ZERO32, type Address, type Bytes32, type RecordId } from '../../protocol/ids.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import type { DeviceNamed } from '../../protocol/sensors/deviceCode.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { DeviceBook } from '../party/DeviceBook.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState, type KnownGrant } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { withPatientState } from '../state/withPatientState.ts';

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

/** Grants that the newest state did not have: a device stores a state with a grant before the ledger has the grant. */
const UNKNOWN = new DeviceBook({
  name: 'unknown-grants',
  shape: { digest: BYTES32 },
  keyOf: ({ digest }) => digest,
  most: 1024,
});

/**
 * Lists the grants on a patient's chart that have not been ended, as k coordinators confirm them. A grant that no
 * device of the patient knows is listed too, and can be ended by its digest. If another device gave one, this device takes
 * the newest state first, which is a view of the chart.
 *
 * @param party - The patient.
 * @param of - Record; only the grants that cover it are listed.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `KEY_UNAUTHENTIC`,
 * and those of `restorePatient`.
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
  const { handle } = await readPatientState(party);
  const { grants: active = [] } = await confirmFacts(party, { handle, grants: true });
  const openings = await openingsOf(party, active);
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

async function openingsOf(
  party: Party,
  active: readonly Bytes32[],
): Promise<ReadonlyMap<Bytes32, KnownGrant>> {
  const known = byDigest((await readPatientState(party)).grants);
  const lookedFor = byDigest(await UNKNOWN.read(party));
  if (active.every((each) => known.has(each) || lookedFor.has(each))) return known;
  try {
    const { state } = await withPatientState(party, async () => await restorePatient(party));
    const found = byDigest(state.grants);
    const unknown = active.filter((each) => !found.has(each));
    await UNKNOWN.put(party, ...unknown.map((digest) => ({ digest })));
    return found;
  } catch (error) {
    // A suspended patient takes no newer state, and still sees which grants there are.
    if (!isMedsealError(error, 'PARTY_SUSPENDED')) throw error;
    return known;
  }
}

function byDigest<Each extends { readonly digest: Bytes32 }>(
  all: readonly Each[],
): ReadonlyMap<Bytes32, Each> {
  return new Map(all.map((each) => [each.digest, each]));
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
