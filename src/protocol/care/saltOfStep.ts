import type { Bytes32, Hex } from '../ids.ts';

/**
 * Returns the salt of a letter that tells of a step: its sender signs it, so nobody puts another letter in that one's place.
 *
 * @param step - Name of the step, as `nameOfCare` gives it.
 */
export function saltOfStep(step: Bytes32): Hex {
  return step.slice(0, 34) as Hex;
}
