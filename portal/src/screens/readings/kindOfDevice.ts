import type { WordKey } from '../../words/WordKey.ts';

/** Kinds of device by what they alone measure; the first that fits counts. */
const KINDS: readonly (readonly [word: WordKey, codes: readonly number[]])[] = [
  ['readings.kind-pressure', [149546, 150021, 150022, 150023]],
  ['readings.kind-ecg', [131329, 131330, 131389]],
  ['readings.kind-oximeter', [149530, 150452, 150456]],
  ['readings.kind-thermometer', [150364]],
];

/**
 * Returns the word for a device that has no name on a screen, by what it measured.
 *
 * @param codes - MDC codes of its readings.
 */
export function kindOfDevice(codes: readonly number[]): WordKey {
  const kinds = KINDS.filter(([, of]) => codes.some((code) => of.includes(code)));
  const [only, ...more] = kinds;
  // One that measures several things is not named for one of them.
  return only === undefined || more.length > 0 ? 'readings.kind-other' : only[0];
}
