/**
 * Tells whether a number of copies can be a channel's: at least its quorum for writes, since so many hold each
 * acknowledged file, and at most its number of organisations.
 *
 * @param copies - Number from outside.
 * @param channel - Its quorums and organisations.
 */
export function areCopies(
  copies: unknown,
  { writes, organisations }: { readonly writes: number; readonly organisations: number },
): boolean {
  return (
    Number.isSafeInteger(copies) &&
    (copies as number) >= writes &&
    (copies as number) <= organisations
  );
}
