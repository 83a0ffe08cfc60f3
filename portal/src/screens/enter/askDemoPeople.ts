import type { DemoPerson } from '../../../../src/protocol/care/DemoPerson.ts';
import type { Place } from '../../session/Place.ts';

/**
 * Asks the node of a demonstration for its people, whose keys are public.
 *
 * @param place - The organisation's agent.
 * @returns None if the network is not a demonstration, or this node gives none.
 */
export async function askDemoPeople({ network, url }: Place): Promise<readonly DemoPerson[]> {
  if (!network.demo) return [];
  const answer = await fetch(`${url}/portal/demo.json`);
  return answer.ok ? ((await answer.json()) as readonly DemoPerson[]) : [];
}
