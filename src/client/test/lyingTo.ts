import type { TestNetwork } from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Party } from '../party/Party.ts';

/** Milliseconds that pass in a turn of the event loop. */
const STEP = 50;

/**
 * A party whose agent gives the given answers, and for whom waiting time passes at once.
 *
 * @param network - Network whose clock moves on.
 * @param party - The party, at a device of its own or the same.
 * @param lies - Methods of the agent to replace.
 */
export function lyingTo(network: TestNetwork, party: Party, lies: Partial<AgentPort>): Party {
  const agent = new Proxy(party.agent, {
    get: (target, name) => (Reflect.get(lies, name) ?? Reflect.get(target, name)) as unknown,
  });
  return {
    ...party,
    agent,
    clock: {
      now: () => network.clock.now(),
      after(milliseconds, run) {
        let left = milliseconds;
        let soon = setImmediate(pass);
        // In steps: the network works while a party waits.
        function pass(): void {
          const step = Math.min(left, STEP);
          left -= step;
          network.clock.advance(step);
          if (left > 0) soon = setImmediate(pass);
          else run();
        }
        return () => clearImmediate(soon);
      },
    },
  };
}
