import type { CastMember } from './Cast.ts';
import type { StepResult } from './StepRunner.ts';

/**
 * Names a step of a scenario.
 *
 * @param name - A sentence that says what is done.
 * @param paper - The paper's element that it is, at most 9 characters.
 * @param actor - The party that does it.
 */
export function stepOf(
  name: string,
  paper: string,
  actor: Pick<CastMember, 'name'>,
): Pick<StepResult, 'name' | 'paper' | 'party'> {
  return { name, paper, party: actor.name };
}
