import { MedsealError } from '../../errors/MedsealError.ts';
import type { SignedKept } from '../../protocol/evidence/evidence.ts';
import { saysKept } from '../../protocol/evidence/saysKept.ts';
import type { Deposit } from '../ports.ts';
import type { AgentContext } from './AgentContext.ts';
import { askToKeep } from './askToKeep.ts';

/**
 * Has every organisation's contributor keep a deposit before the ledger changes: this one's own in any case, and a
 * quorum for writes.
 *
 * @param agent - The agent's context.
 * @param deposit - Deposit to keep, with its source.
 * @returns Of a patient's `Keep` the signatures of those that keep it, for the patient's device to count.
 * @throws MedsealError `PEER_UNREACHABLE`, which names those that did not keep it, if fewer kept it than the threshold
 * of writes; `STATE_STALE`, `QUOTA_SPENT`.
 */
export async function depositEverywhere(
  agent: AgentContext,
  deposit: Deposit,
): Promise<readonly SignedKept[]> {
  const { said, failed } = await askToKeep(agent, 1, async (contributor) => {
    return { refused: [], said: proven(agent, deposit, await contributor.keep(deposit)) };
  });
  const [reason] = failed.values();
  if (reason !== undefined) throw reason;
  return said.filter((each) => each !== undefined);
}

/** Requires the signature of an organisation that says it keeps a patient's state: the device counts no others. */
function proven(
  agent: AgentContext,
  deposit: Deposit,
  said: SignedKept | undefined,
): SignedKept | undefined {
  if (!('patient' in deposit)) return undefined;
  if (said !== undefined && saysKept(agent, said, deposit.patient.request)) return said;
  throw new MedsealError('PEER_MALFORMED', { what: 'answer to keep' });
}
