import type { Bytes32 } from '../../protocol/ids.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { redactedState, type PatientState } from './PatientState.ts';

/** Parts of a state that a lost key kept, which no device takes over: whoever found the key can have put them there. */
export interface FormerWishes {
  /** Names of standing rules: they would give rights by themselves. */
  readonly rules: readonly string[];
  /** Names of devices that measure. */
  readonly devices: readonly string[];
  /** Categories of erasures that were under way: devices would enter them. */
  readonly erasures: readonly Category[];
  /** Number of wills whose openings were there. */
  readonly wills: number;
}

/**
 * Leaves of a state that a lost key kept what the chart needs: the opening of its handle, its keys, the rights on the ledger, and the recipients of those who have
 * them. Rights stand by themselves, as their rules are gone, and nobody counts as having had keys of coming epochs.
 *
 * @param state - The state.
 * @param standing - Digests of the rights on the ledger, as k coordinators confirm them.
 * @returns The state, and what was left out.
 */
export function withoutFormerWishes(
  state: PatientState,
  standing: readonly Bytes32[],
): { readonly state: PatientState; readonly left: FormerWishes } {
  const { format, revision, handle, patientId, salt, keyring } = state;
  const grants = state.grants
    .filter(({ digest }) => standing.includes(digest))
    .map((each) => {
      const { rule: _, ...known } = each;
      return { ...known, sealedTo: 0, ...(known.versions !== undefined && { versions: 0 }) };
    });
  const grantees = new Set<string>(grants.map(({ grant }) => grant.terms.grantee));
  const recipients = Object.fromEntries(
    Object.entries(state.recipients).filter(([party]) => grantees.has(party)),
  );
  const opening = { format, revision, handle, patientId, salt };
  const { rules = [], deviceNames = {}, erasing = {}, wills = [] } = state;
  return {
    state: redactedState({ ...opening, keyring, grants, recipients }),
    left: {
      rules: rules.map(({ name }) => name),
      devices: Object.values(deviceNames),
      erasures: Object.keys(erasing) as Category[],
      wills: wills.length,
    },
  };
}
