import type { SignedNewest } from '../evidence/evidence.ts';
import type { Address, Bytes32 } from '../ids.ts';
import { organisationsBehind } from './networkLookups.ts';
import type { Channel } from './NetworkFile.ts';
import { signerOf, type SigningContext } from '../struct/signing.ts';

/** A state of a patient's devices, or its absence, and the number of organisations that state it as the newest. */
export interface NewestVote {
  /**
   * Place of the key that signed it among the patient's keys, oldest first; that of the present one for a key that acts,
   * and less than any for one that acted; -1 for none.
   */
  readonly key: number;
  /** -1 for none. */
  readonly revision: number;
  /** SHA-256 of the sealed state; `ZERO32` for none. */
  readonly state: Bytes32;
  readonly organisations: number;
}

/** Addresses of the keys that sign, or signed, states of a patient's devices. */
export interface StateKeys {
  /** The patient's own, oldest first: the last one signs now. */
  readonly signers: readonly Address[];
  /** Those that act for the patient. */
  readonly acting?: readonly Address[];
  /** Those that did. */
  readonly acted?: readonly Address[];
}

/**
 * Counts organisations' statements about the newest state of a patient's devices. An organisation that knows a newer
 * state is right, whatever the others state, because the patient signed that state. A state that a later key signed is
 * newer than all of a former one, whose thief could sign any revision with a node that lies about the time.
 *
 * @param context - Domain and primitives.
 * @param channel - Whose coordinators count.
 * @param said - Valid answers.
 * @param keys - Keys that have signed for the patient.
 * @returns Newest first; of those of one key and revision, the most frequent first.
 */
export function votesOnNewest(
  context: SigningContext,
  channel: Channel,
  said: readonly SignedNewest[],
  keys: StateKeys,
): readonly NewestVote[] {
  const votes = new Map<Bytes32, Omit<NewestVote, 'organisations'> & { readonly by: Address[] }>();
  for (const { newest, keep, coordinator } of said) {
    const { state } = newest;
    const { by = [], ...known } = votes.get(state) ?? { key: -1, revision: -1 };
    const signed = {
      key: placeOfKey(context, keep, keys),
      revision: keep === undefined ? -1 : newest.revision,
    };
    // Of one state the best signature counts: a thief of a former key can sign it as well.
    const best = newestFirst(known, signed) > 0 ? signed : known;
    votes.set(state, { ...best, state, by: [...by, coordinator] });
  }
  return [...votes.values()]
    .map(({ by, ...vote }) => ({ ...vote, organisations: organisationsBehind(channel, by) }))
    .filter(({ organisations }) => organisations > 0)
    .toSorted(
      (left, right) => newestFirst(left, right) || right.organisations - left.organisations,
    );
}

function newestFirst(
  left: Pick<NewestVote, 'key' | 'revision'>,
  right: Pick<NewestVote, 'key' | 'revision'>,
): number {
  return right.key - left.key || right.revision - left.revision;
}

function placeOfKey(
  context: SigningContext,
  keep: SignedNewest['keep'],
  { signers, acting = [], acted = [] }: StateKeys,
): number {
  if (keep === undefined) return -1;
  const signer = signerOf(context, 'Keep', keep.message, keep.signature);
  const present = signers.length - 1;
  if (acting.includes(signer)) return present;
  const place = signers.lastIndexOf(signer);
  // A former holder can sign any revision with a node that lies about the time.
  return place < 0 && acted.includes(signer) ? -0.5 : place;
}
