/**
 * Returns the listed epoch whose key gives the key of an epoch: the nearest one that is not before it. The epochs
 * between two listed ones are one span, in which every key follows from the last.
 *
 * @param epochs - Numbers of the epochs that are listed.
 * @param epoch - The wanted one.
 * @returns The listed epoch, or undefined if all are before.
 */
export function tipFor(epochs: readonly number[], epoch: number): number | undefined {
  const after = epochs.filter((listed) => listed >= epoch);
  return after.length === 0 ? undefined : Math.min(...after);
}
