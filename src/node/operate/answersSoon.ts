import type { Clock } from '../../protocol/Clock.ts';
import { endsWithin } from '../../protocol/endsWithin.ts';

/** Milliseconds within which a reachable peer answers. */
const PATIENCE = 2000;

/**
 * Tells whether an answer comes in time, so that a peer that hangs holds up nothing, least of all a node that starts.
 *
 * @param clock - Clock whose timers are used.
 * @param answer - The answer.
 */
export async function answersSoon(clock: Clock, answer: Promise<unknown>): Promise<boolean> {
  return await endsWithin(clock, PATIENCE, answer).catch(() => false);
}
