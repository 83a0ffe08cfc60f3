import { httpAgent, type AgentOf } from '../../../src/client/index.ts';
import type { AgentPort } from '../../../src/protocol/AgentPort.ts';
import { presentNodes } from '../../../src/protocol/network/networkLookups.ts';
import type { Place } from './Place.ts';

/**
 * Returns the agents that this page may call: that of its own organisation, and those of the others if they are at the same
 * address. The page calls no other address, so a node elsewhere has none.
 *
 * @param place - The organisation that serves this page.
 */
export function agentsHere({ network, agent, url, organisation }: Place): AgentOf {
  const isApart = presentNodes(network).some((node) => node.url !== undefined);
  const others = new Map<string, AgentPort>();
  return (asked) => {
    if (asked === organisation) return agent;
    if (isApart) return undefined;
    const known = others.get(asked) ?? httpAgent(url.replace(/[^/]*$/, asked));
    others.set(asked, known);
    return known;
  };
}
