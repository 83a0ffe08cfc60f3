import { DEFAULT_ORGANISATIONS, type RunningNetwork } from '../../src/node/openNetwork.ts';
import type { Organisation } from '../../src/protocol/ids.ts';

/** A network as parties see it: in this process, or of nodes that run elsewhere. */
export type DemoNetwork = Pick<RunningNetwork, 'file' | 'ports' | 'agents'> &
  Partial<Pick<RunningNetwork, 'handOver'>>;

/** The organisation of an invented person. */
export interface DemoPlace {
  /** One of the organisations that a network has by default. */
  readonly organisation: Organisation;
  /** The organisation of that name instead, in a network that has it. */
  readonly rather?: Organisation;
}

/**
 * Finds the organisation of an invented person in a network, whose organisations may have other names.
 *
 * @param network - The network.
 * @param place - The organisation that is wanted.
 * @returns If the network has no such name, the organisation at the same place of its list; different ones if there are three.
 */
export function organisationFor(
  { agents }: Pick<DemoNetwork, 'agents'>,
  { organisation, rather = organisation }: DemoPlace,
): Organisation {
  const found = [rather, organisation].find((name) => agents.has(name));
  if (found !== undefined) return found;
  const names = [...agents.keys()];
  const place = DEFAULT_ORGANISATIONS.findIndex((name) => name === organisation);
  return names[Math.max(place, 0) % names.length] ?? organisation;
}
