import { readPatientState, type KnownGrant } from '../state/PatientState.ts';
import type { Party } from '../party/Party.ts';
import type { RightGiven } from './grantRight.ts';
import { isSameRight } from './isSameRight.ts';
import { listGrants } from './listGrants.ts';

/**
 * Finds for each right one that stands and gives the same until the same time, so that giving rights is safe to repeat.
 *
 * @param party - The patient.
 * @param rights - Rights to give.
 * @returns For each right the grant that stands; undefined if it is to be given.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `KEY_UNAUTHENTIC`.
 * @example
 * ```ts
 * const until = Math.floor(Date.now() / 1000) + 3600;
 * const terms = { actions: ['read'], purpose: 'TREAT', until } as const;
 * const rights = [{ grantee: doctor.address, categories: ['vitals'], ...terms }] as const;
 * const standing = await standingRights(patient, rights);
 * for (const [index, right] of rights.entries()) {
 *   const given = standing[index] ?? (await grantRight(patient, right));
 *   await handOver(patient, given);
 * }
 * ```
 */
export async function standingRights(
  party: Party,
  rights: readonly RightGiven[],
): Promise<readonly (KnownGrant | undefined)[]> {
  const { grants } = await readPatientState(party);
  const same = rights.map((right) => grants.filter((known) => isSameRight(known, right)));
  if (same.every((each) => each.length === 0)) return rights.map(() => undefined);
  const listed = new Map((await listGrants(party)).map(({ digest, state }) => [digest, state]));
  return rights.map(({ from }, index) =>
    same[index]?.find(({ digest, grant }) => {
      const state = listed.get(digest);
      const isInTime = from !== undefined && grant.terms.from <= from;
      return state === 'holds' || (state === 'coming' && isInTime);
    }),
  );
}
