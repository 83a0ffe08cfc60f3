import type { Random } from '../../crypto/Random.ts';
import { seconds, type Clock } from '../../protocol/Clock.ts';

/** Milliseconds before the second attempt; each further pause is twice as long, up to the longest. */
const [PAUSE, LONGEST_PAUSE] = [50, 4000];
/** Number of attempts of which nothing is promised; they take some seconds. */
const ATTEMPTS = 8;

/**
 * Repeats a question until there is an answer, for something that others need a moment for. The pauses grow, and are of
 * different lengths, so that those who wait for one node do not all come back at once.
 *
 * @param context - Clock for the pauses, and randomness for their lengths.
 * @param attempt - Question; returns undefined to be repeated.
 * @param until - Unix seconds until which a promised answer is waited for; it is waited for some seconds in any case.
 * @returns Answer, or undefined if there was no answer in that time.
 * @throws Any error of the question, at once: nobody asks on without seeing it.
 */
export async function patiently<Value>(
  { clock, random }: { readonly clock: Clock; readonly random?: Random },
  attempt: () => Promise<Value | undefined>,
  until = 0,
): Promise<Value | undefined> {
  for (let count = 1; ; count++) {
    const value = await attempt();
    if (value !== undefined) return value;
    if (count >= ATTEMPTS && seconds(clock) > until) return undefined;
    const longest = Math.min(PAUSE * 2 ** (count - 1), LONGEST_PAUSE);
    const [byte = 255] = random?.(1) ?? [];
    await new Promise<void>((resolve) => {
      clock.after(Math.ceil((longest * (256 + byte)) / 511), resolve);
    });
  }
}
