import type { Organisation } from '../../src/protocol/ids.ts';
import { Dice } from './Dice.ts';

/** A consortium's size and threshold. */
export interface Setting {
  readonly organisations: readonly Organisation[];
  readonly threshold: number;
  /** Number of its organisations that may be faulty. */
  readonly faulty: number;
}

const NAMES = ['hospital', 'laboratory', 'insurer', 'pharmacy', 'clinic', 'hospice', 'registry'];
/** For each n, the threshold k and the number f that may be faulty: 2k > n + f, and n - f are enough to go on. */
const AGREEMENT = new Map([
  [3, [2, 0]],
  [4, [3, 1]],
  [5, [4, 1]],
  [7, [5, 2]],
] as const);
const SIZES = [3, 3, 3, 3, 4, 4, 5, 7] as const;

/**
 * Chooses the consortium of a run.
 *
 * @param seed - Seed of the run.
 */
export function settingOf(seed: string): Setting {
  const size = new Dice(`${seed} setting`).pick(SIZES);
  const [threshold, faulty] = AGREEMENT.get(size) ?? [size, 0];
  return { organisations: NAMES.slice(0, size), threshold, faulty };
}
