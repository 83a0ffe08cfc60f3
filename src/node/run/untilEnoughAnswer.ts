import type { Clock } from '../../protocol/Clock.ts';
import type { PeerPorts } from '../../services/peers/peerCalls.ts';
import { pause } from '../pause.ts';

/** Milliseconds between two questions to a node that did not answer. */
const ASK_EVERY = 50;

/** Options of `untilEnoughAnswer`. */
export interface AnswersOptions {
  /** Services of the other organisations. */
  readonly others: Iterable<{ readonly contributor: Pick<PeerPorts['contributor'], 'stats'> }>;
  /** Number of them that must answer. */
  readonly needed: number;
  readonly clock: Clock;
  /** Milliseconds after which it ends, however few answered. */
  readonly patience: number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Waits until enough nodes of other organisations answer: all of them are closed together when the network file changes, and
 * the first that is open again could do nothing for its parties.
 *
 * @param options - The others, and how many are enough.
 */
export async function untilEnoughAnswer(options: AnswersOptions): Promise<void> {
  const { others, needed, clock, patience, signal } = options;
  const enough = new AbortController();
  const ended = AbortSignal.any([signal, enough.signal]);
  let answered = 0;
  const asking = [...others].map(async ({ contributor }) => {
    while (!ended.aborted && !(await answers(contributor))) await pause(clock, ASK_EVERY, ended);
    answered += 1;
    if (answered >= needed) enough.abort();
  });
  if (asking.length === 0 || needed <= 0) return;
  await Promise.race([Promise.all(asking), pause(clock, patience, ended)]);
  enough.abort();
}

async function answers(contributor: Pick<PeerPorts['contributor'], 'stats'>): Promise<boolean> {
  try {
    await contributor.stats([]);
    return true;
  } catch {
    return false;
  }
}
