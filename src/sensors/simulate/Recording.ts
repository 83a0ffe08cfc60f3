import type { Reading } from '../../protocol/sensors/Reading.ts';

/** MDC code of ECG lead II. */
const LEAD_II = 131_330;

/** A curve that was recorded before, to be measured again by a simulated device. */
export interface Recording {
  /** Samples as whole numbers. */
  readonly samples: readonly number[];
  /** Samples of a second. */
  readonly rate: number;
  /** Millivolts of one step. */
  readonly factor: number;
  /** Millivolts of a sample that is 0. */
  readonly origin: number;
}

/** Returns the seconds that a recording takes, the last one perhaps not full. */
export function secondsOf({ samples, rate }: Recording): number {
  return Math.ceil(samples.length / rate);
}

/**
 * Returns the signals of a recording, as ECG lead II: a piece of a curve for each second. Its samples are signed as they
 * are, so that they can come out as they went in.
 *
 * @param recording - The recording.
 * @returns Function from a second since the start, and its Unix milliseconds, to the readings of that second; none after
 * the recording's end.
 */
export function signalsOf({
  samples,
  rate,
  factor,
  origin,
}: Recording): (second: number, at: number) => readonly Reading[] {
  return (second, at) => {
    const data = samples.slice(second * rate, (second + 1) * rate);
    if (data.length === 0) return [];
    return [{ at, code: LEAD_II, period: 1000 / rate, factor, origin, data }];
  };
}
