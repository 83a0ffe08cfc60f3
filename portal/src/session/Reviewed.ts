declare const seen: unique symbol;

/** All that an act takes after its party, in that order, once its words were on the screen. Only a `SignSheet` makes one. */
export interface Reviewed<Wanted extends readonly unknown[]> {
  readonly wanted: Wanted;
  readonly [seen]: true;
}

/**
 * Makes an act that signs into one that takes only what was reviewed. No screen calls such an act in another way.
 *
 * @param act - A function that signs.
 * @example
 * ```tsx
 * const give = afterReview(grantRight);
 * <SignSheet wanted={[right]} run={async (reviewed) => void (await give(party, reviewed))} … />
 * ```
 */
export function afterReview<Signer, Wanted extends readonly unknown[], Result>(
  act: (signer: Signer, ...wanted: Wanted) => Result,
): (signer: Signer, reviewed: Reviewed<Readonly<Wanted>>) => Result {
  return (signer, { wanted }) => act(signer, ...wanted);
}

/**
 * Takes a list that was reviewed as one apart, for an act that signs each for itself.
 *
 * @param reviewed - The list.
 */
export function eachReviewed<Item>(
  reviewed: Reviewed<readonly Item[]>,
): readonly Reviewed<readonly [Item]>[] {
  return reviewed.wanted.map((item) => reviewedNow([item]));
}

/**
 * Says that the words of something were on the screen when the person pressed the button: for `SignSheet` alone.
 *
 * @param wanted - All that the words say.
 */
export function reviewedNow<Wanted extends readonly unknown[]>(wanted: Wanted): Reviewed<Wanted> {
  return { wanted } as Reviewed<Wanted>;
}
