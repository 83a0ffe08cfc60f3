/**
 * Makes a sequence shorter that fails, by leaving out each step that it does not need.
 *
 * @param all - Places of its steps, up to the failing one.
 * @param fails - True if it fails with these of its steps alone, in their order.
 * @returns Places of the steps that are left.
 */
export async function shrinkSteps(
  all: readonly number[],
  fails: (places: readonly number[]) => Promise<boolean>,
): Promise<readonly number[]> {
  let places = all;
  // Once a step is gone, steps before it may become needless.
  for (let before = Infinity; places.length < before;) {
    before = places.length;
    for (const place of places.toReversed()) {
      const without = places.filter((each) => each !== place);
      if (await fails(without)) places = without;
    }
  }
  return places;
}
