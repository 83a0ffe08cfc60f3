import type { TestNetwork } from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Party } from '../party/Party.ts';

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
        const soon = setImmediate(() => {
          network.clock.advance(milliseconds);
          run();
        });
        return () => clearImmediate(soon);
      },
    },
  };
}
