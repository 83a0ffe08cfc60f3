import { fromProblem } from '../../../errors/fromProblem.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import type { Submission } from '../../../protocol/AgentPort.ts';
import type { Outcome } from '../../../protocol/evidence/evidence.ts';
import type { Accepted } from '../../agent/submit.ts';
import type { Party } from '../../party/Party.ts';

/**
 * Submits a request of care that is signed, and waits until it is on the ledger. The same bytes again get the first
 * answer.
 *
 * @param party - Party that signed.
 * @param submission - The request, with the other signature.
 * @throws MedsealError with the code of the refusal.
 */
export async function submitCare(
  party: Party,
  submission: Submission,
): Promise<Accepted<'placed'>> {
  const answer: unknown = await party.agent.submit([submission]);
  const [outcome] = Array.isArray(answer) ? (answer as readonly (Outcome | null)[]) : [];
  if (outcome?.outcome === 'refused') throw fromProblem(outcome.problem);
  if (outcome?.outcome !== 'placed') throw new MedsealError('PEER_MALFORMED', { what: 'outcome' });
  return outcome;
}
