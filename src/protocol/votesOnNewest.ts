import type { SignedNewest } from './evidence.ts';
import type { Address, Bytes32 } from './ids.ts';
import { organisationsBehind } from './networkLookups.ts';
import type { Channel } from './NetworkFile.ts';

/** A state of a patient's devices, or its absence, and the number of organisations that state it as the newest. */
export interface NewestVote {
  /** -1 for none. */
  readonly revision: number;
  /** SHA-256 of the sealed state; `ZERO32` for none. */
  readonly state: Bytes32;
  readonly organisations: number;
}

/**
 * Counts organisations' statements about the newest state of a patient's devices. An organisation that knows a newer
 * state is right, whatever the others state, because the patient signed that state.
 *
 * @param channel - Whose coordinators count.
 * @param said - Valid answers.
 * @returns Newest first; of those of one revision, the most frequent first.
 */
export function votesOnNewest(
  channel: Channel,
  said: readonly SignedNewest[],
): readonly NewestVote[] {
  const signers = new Map<Bytes32, { readonly revision: number; readonly by: Address[] }>();
  for (const { newest, keep, coordinator } of said) {
    const revision = keep === undefined ? -1 : newest.revision;
    const { by } = signers.get(newest.state) ?? { by: [] };
    signers.set(newest.state, { revision, by: [...by, coordinator] });
  }
  return [...signers]
    .map(([state, { revision, by }]) => {
      return { revision, state, organisations: organisationsBehind(channel, by) };
    })
    .filter(({ organisations }) => organisations > 0)
    .toSorted(
      (left, right) => right.revision - left.revision || right.organisations - left.organisations,
    );
}
