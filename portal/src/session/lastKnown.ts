import { isMedsealError } from '../../../src/client/index.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import { atSessionEnd } from './atSessionEnd.ts';
import type { Session } from './Session.ts';

/** An answer of the network, or the last one while no node can be reached. */
export interface LastKnown<Value> {
  readonly value: Value;
  /** Moment of the last answer, Unix seconds, if there is no newer one; absent if this is the answer of now. */
  readonly asOf?: number;
}

const answers = new WeakMap<Session['party'], Map<string, Required<LastKnown<unknown>>>>();

/** Drops what a party was answered. */
function forgetAnswers(party: Session['party']): void {
  answers.delete(party);
}

/**
 * Asks for something, and falls back on the last answer of this session if the node does not answer at all. Every other failure,
 * such as a refusal, is thrown: an answer that somebody took back is not shown again.
 *
 * @param session - The person; answers are in memory alone, until the session ends.
 * @param name - Names what is asked for.
 * @param ask - Asks for it.
 * @throws MedsealError what `ask` throws; `PEER_UNREACHABLE` without an earlier answer.
 */
export async function lastKnown<Value>(
  { party }: Pick<Session, 'party'>,
  name: string,
  ask: () => Promise<Value>,
): Promise<LastKnown<Value>> {
  const own = answers.get(party) ?? new Map<string, Required<LastKnown<unknown>>>();
  answers.set(party, own);
  atSessionEnd(party, forgetAnswers);
  try {
    const value = await ask();
    own.set(name, { value, asOf: seconds(party.clock) });
    return { value };
  } catch (error) {
    const before = own.get(name);
    if (before === undefined || !isMedsealError(error, 'PEER_UNREACHABLE')) throw error;
    return before as Required<LastKnown<Value>>;
  }
}
