import type { MandateFacts } from '../../protocol/care/mandates.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { PatientState } from './PatientState.ts';

/**
 * Adds to the newest state the openings of grants that stand on the ledger and that only this device knows: whoever has the
 * patient's key could keep a state without them, and nobody could show or end a grant whose terms no device knows.
 *
 * @param newest - The newest state, which nodes released.
 * @param here - The state that this device has.
 * @param standing - Digests of the grants on the ledger, as k coordinators confirm them.
 * @returns The newest state itself if it knows all that this device knows.
 */
export function joinGrants(
  newest: PatientState,
  here: PatientState | undefined,
  standing: readonly Bytes32[],
): PatientState {
  if (here?.handle !== newest.handle) return newest;
  const known = new Set(newest.grants.map(({ digest }) => digest));
  const missing = here.grants.filter(
    ({ digest }) => standing.includes(digest) && !known.has(digest),
  );
  if (missing.length === 0) return newest;
  const grantees = missing.map(({ grant }) => grant.terms.grantee);
  const pinned = Object.entries(here.recipients).filter(([party]) =>
    grantees.some((grantee) => grantee === party),
  );
  return {
    ...newest,
    grants: [...newest.grants, ...missing],
    recipients: { ...Object.fromEntries(pinned), ...newest.recipients },
  };
}

/**
 * Adds to the newest state the openings of mandates that stand on the ledger and that only this device knows: two devices that each gave
 * one at once must both know both, and one that no device knows is taken for a thief's.
 *
 * @param newest - The newest state, which nodes released.
 * @param here - The state that this device has.
 * @param listed - The mandates on the ledger, as k coordinators confirm them.
 * @returns The newest state itself if it knows all that this device knows.
 */
export function joinMandates(
  newest: PatientState,
  here: PatientState | undefined,
  listed: readonly MandateFacts[],
): PatientState {
  if (here?.handle !== newest.handle) return newest;
  const known = new Set(newest.mandates?.map(({ digest }) => digest));
  const missing = (here.mandates ?? []).filter(
    ({ digest }) => !known.has(digest) && listed.some(({ mandate }) => mandate === digest),
  );
  if (missing.length === 0) return newest;
  return { ...newest, mandates: [...(newest.mandates ?? []), ...missing] };
}
