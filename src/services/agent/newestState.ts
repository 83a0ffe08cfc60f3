import type { Base64 } from '../../protocol/evidence.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { KeptState } from '../kept/stateIn.ts';
import type { AgentContext } from './AgentContext.ts';

/**
 * The newest state of a patient's devices, as most organisations keep it: one that was away, or took what the others
 * did not, is outvoted. The patient's device checks what it is given.
 *
 * @param agent - The agent's context.
 * @param handle - The patient.
 */
export async function newestState(
  agent: AgentContext,
  handle: Handle,
): Promise<Base64 | undefined> {
  const answers = await Promise.allSettled(
    [...agent.contributors.values()].map(async (contributor) => await contributor.state(handle)),
  );
  const votes = new Map<string, { readonly state: KeptState; readonly count: number }>();
  for (const answer of answers) {
    const state = answer.status === 'fulfilled' ? answer.value : undefined;
    if (state === undefined) continue;
    votes.set(state.hash, { state, count: (votes.get(state.hash)?.count ?? 0) + 1 });
  }
  const [newest] = [...votes.values()].toSorted(
    (left, right) => right.state.revision - left.state.revision || right.count - left.count,
  );
  return newest?.state.sealed;
}
