import type { Party } from '../../src/client/party/Party.ts';
import { acknowledgementCheck } from '../../src/protocol/evidence/acknowledgementCheck.ts';
import type { AgentPort } from '../../src/protocol/AgentPort.ts';
import type { Acknowledgement, Outcome } from '../../src/protocol/evidence/evidence.ts';
import { succeeds } from '../../src/protocol/wire/succeeds.ts';

/**
 * A party at the same device, of whose requests every entry is heard of: also of those that a function makes on the
 * way, and of those that were refused.
 *
 * @param party - The party.
 * @param hear - Told of each acknowledgement that holds, before the party is answered.
 */
export function hearEntries(party: Party, hear: (entry: Acknowledgement) => void): Party {
  const submit: AgentPort['submit'] = async (submissions) => {
    const outcomes = await party.agent.submit(submissions);
    const check = acknowledgementCheck(party, party.network);
    for (const outcome of Array.isArray(outcomes) ? (outcomes as (Outcome | null)[]) : []) {
      const entry = outcome !== null && 'acknowledgement' in outcome && outcome.acknowledgement;
      if (entry && succeeds(() => check.request(entry).flag.length > 0)) hear(entry);
    }
    return outcomes;
  };
  const agent = new Proxy(party.agent, {
    get: (target, name) => (name === 'submit' ? submit : Reflect.get(target, name)),
  });
  return { ...party, agent };
}
