import { agreedTally, type TallyAnswer } from '../protocol/agreedTally.ts';
import type { AuditQuery } from '../protocol/AgentPort.ts';
import type { SignedTally } from '../protocol/evidence.ts';
import type { Handle } from '../protocol/ids.ts';
import { logOf } from '../protocol/networkLookups.ts';
import { tallyNonce } from '../protocol/tallyNonce.ts';
import type { Party } from './Party.ts';
import { patiently } from './patiently.ts';

/**
 * What coordinators count for a patient in a log, up to a checkpoint. Copies that are a moment behind are waited for.
 *
 * @param party - The patient.
 * @param asked - The acknowledged audit, the log, its checkpoint, and the patient.
 */
export async function confirmCount(
  party: Party,
  asked: AuditQuery & { readonly handle: Handle },
): Promise<TallyAnswer> {
  const { handle, ...query } = asked;
  const { request, root, size } = query;
  const { channel, log } = logOf(party.network, query.log);
  const nonce = tallyNonce(party.primitives, request, root);
  const ask = async (): Promise<TallyAnswer> => {
    const answers: unknown = await party.agent.tallies(query).catch(() => []);
    const tallies = Array.isArray(answers) ? (answers as readonly SignedTally[]) : [];
    return agreedTally(party, channel, { nonce, log: log.id, handle, size }, tallies);
  };
  const agreed = await patiently(party.clock, async () => {
    const answer = await ask();
    return answer.agreed && answer;
  });
  return agreed ?? (await ask());
}
