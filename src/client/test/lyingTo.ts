import type { TestNetwork } from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Party } from '../Party.ts';

/**
 * A party whose agent answers otherwise where said, and for whom the time that it waits passes at once.
 *
 * @param network - Whose clock moves on.
 * @param party - The party, at a device of its own or the same.
 * @param lies - What the agent answers.
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
