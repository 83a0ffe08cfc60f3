import type { Organisation } from '../../../protocol/ids.ts';
import { Dice } from './Dice.ts';

/** A consortium's size, and how many of it must agree. */
export interface Setting {
  readonly organisations: readonly Organisation[];
  readonly threshold: number;
  /** How many of it may be faulty. */
  readonly faulty: number;
}

const NAMES = ['hospital', 'laboratory', 'insurer', 'pharmacy', 'clinic', 'hospice', 'registry'];
/** Of so many k must agree and f may be faulty: 2k > n + f, and n - f are enough to go on. */
const AGREEMENT = new Map([
  [3, [2, 0]],
  [4, [3, 1]],
  [5, [4, 1]],
  [7, [5, 2]],
] as const);
const SIZES = [3, 3, 3, 3, 4, 4, 5, 7] as const;

/**
 * The consortium of a run.
 *
 * @param seed - The run's.
 */
export function settingOf(seed: string): Setting {
  const size = new Dice(`${seed} setting`).pick(SIZES);
  const [threshold, faulty] = AGREEMENT.get(size) ?? [size, 0];
  return { organisations: NAMES.slice(0, size), threshold, faulty };
}
