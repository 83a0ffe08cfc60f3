import { agreedTally, type TallyAnswer } from '../../protocol/evidence/agreedTally.ts';
import type { AuditQuery } from '../../protocol/AgentPort.ts';
import type { SignedTally } from '../../protocol/evidence/evidence.ts';
import type { Handle } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import { tallyNonce } from '../../protocol/evidence/tallyNonce.ts';
import type { Party } from '../party/Party.ts';
import { patiently } from '../agent/patiently.ts';

/** Number of questions about one log that may fail before it is asked no more. */
const MOST_FAILURES = 3;

/**
 * Asks coordinators to count a patient's entries in a log, up to a checkpoint, and waits for copies that are a moment
 * behind. `countedIn` evaluates the answers.
 *
 * @param party - The patient.
 * @param asked - The acknowledged audit, the log, its checkpoint, and the patient.
 */
export async function confirmCount(
  party: Party,
  asked: AuditQuery & { readonly handle: Handle },
): Promise<readonly SignedTally[]> {
  const { handle: _, ...query } = asked;
  let last: readonly SignedTally[] = [];
  let failures = 0;
  const ask = async (): Promise<readonly SignedTally[] | undefined> => {
    try {
      const answers: unknown = await party.agent.tallies(query);
      last = Array.isArray(answers) ? (answers as readonly SignedTally[]) : [];
    } catch (error) {
      failures += 1;
      if (failures === MOST_FAILURES) throw error;
    }
    return countedIn(party, party.network, asked, last).agreed && last;
  };
  // A count that nobody answers is missing, and the reader is told so.
  await patiently(party, ask).catch(() => undefined);
  return last;
}

/**
 * Evaluates the counts of coordinators.
 *
 * @param context - Domain and primitives.
 * @param network - The network file.
 * @param asked - Digest of the audit's request, the log, its checkpoint, and the patient.
 * @param tallies - Tallies as a node passed them on, not trusted.
 */
export function countedIn(
  context: SigningContext,
  network: NetworkFile,
  asked: Omit<AuditQuery, 'ticket'> & { readonly handle: Handle },
  tallies: readonly SignedTally[],
): TallyAnswer {
  const { handle, request, root, size, part } = asked;
  const { channel, log } = logOf(network, asked.log);
  const nonce = tallyNonce(context.primitives, request, root, part);
  return agreedTally(context, channel, { nonce, log: log.id, handle, size }, tallies);
}
