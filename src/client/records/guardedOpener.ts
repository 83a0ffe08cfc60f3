import type { Opener } from '../../crypto/sealing/ageHeader.ts';
import { combineShares } from '../../crypto/threshold/combineShares.ts';
import type { Halves } from '../../crypto/threshold/evidencedKem.ts';
import { evidencedIdentity } from '../../crypto/threshold/evidencedStanza.ts';
import { isShareIn } from '../../crypto/threshold/extractShare.ts';
import type { KeyShare } from '../../crypto/threshold/KeyShare.ts';
import { readSeal } from '../../crypto/threshold/releaseSeal.ts';
import type { Party } from '../party/Party.ts';
import type { ViewReleased } from './releasedShares.ts';

/**
 * Opens with the first shares that make up a key; if one of them is false, with those that are proven.
 *
 * @param party - Arithmetic.
 * @param identity - The identity that the shares were released for.
 * @param whoFor - Gives the reader's own half for an encapsulation of X-Wing.
 * @param released - The shares.
 */
export function guardedOpener(
  { primitives: { group } }: Pick<Party, 'primitives'>,
  identity: Uint8Array,
  whoFor: (encapsulated: Uint8Array) => Uint8Array,
  { key, shares }: Pick<ViewReleased, 'key' | 'shares'>,
): Opener {
  return evidencedIdentity(identity, function* ({ encapsulated, seal }) {
    const who = whoFor(encapsulated);
    yield* halves(who, shares);
    // The tag did not hold: only now it is worth its while to verify each share.
    const { point } = readSeal(seal);
    const sound = shares.filter((each) => isShareIn(group, key, { identity, point }, each));
    yield* halves(who, sound);
  });

  function* halves(who: Uint8Array, some: readonly KeyShare[]): Generator<Halves> {
    if (some.length < key.threshold) return;
    const evidence = attempted(() => combineShares(group, some.slice(0, key.threshold)));
    if (evidence !== undefined) yield { who, evidence };
  }
}

/** Undefined if a share is not even a point: then those that are proven open. */
function attempted<Value>(run: () => Value): Value | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
