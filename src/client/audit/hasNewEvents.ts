import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { ChainPart } from '../../protocol/evidence/evidence.ts';
import type { Party } from '../party/Party.ts';
import { countedIn } from '../records/confirmCount.ts';
import type { Audit, AuditedLog } from './Audit.ts';
import { unlessNone } from './unlessNone.ts';

/**
 * Tells whether something happened to the patient's chart since an audit, without another audit, which would be an event
 * too: logs that grew are found by their public checkpoints, and the coordinators count the patient's entries in those.
 * Some minutes after the audit they count for it no more, and then any growth of a log is a sign. So is the answer about a log
 * that the audit could not read.
 *
 * It is a sign and no evidence: a node that lies can give it in vain, or withhold it until the next audit.
 *
 * @param party - The patient.
 * @param audit - The last audit.
 * @returns True if another audit would show more.
 * @throws MedsealError `PEER_UNREACHABLE`, `OVERLOADED`; of the agent.
 * @example
 * ```ts
 * let audit = await examineAudit(patient);
 * if (await hasNewEvents(patient, audit)) audit = await examineAudit(patient);
 * ```
 */
export async function hasNewEvents(party: Party, audit: Audit): Promise<boolean> {
  const unread = audit.logs.filter(
    ({ checkpoint, faults }) => checkpoint === undefined && faults.length === 0,
  );
  const signs = await Promise.all([
    ...audit.parts.map(async (part) => await hasGrown(party, audit, part)),
    ...unread.map(async (log) => await isListed(party, audit, log)),
  ]);
  return signs.includes(true);
}

/** Tells whether a log that the audit could not read is listed now. */
async function isListed(party: Party, { key }: Audit, { log }: AuditedLog): Promise<boolean> {
  const newest = await party.agent.checkpoint(log).catch(unlessNone);
  if (newest === undefined) return false;
  const { size, root } = newest;
  try {
    await party.agent.audit({ ...key, log, size, root, from: 0 });
    return true;
  } catch (error) {
    if (isMedsealError(error, 'RELEASE_UNKNOWN')) return true;
    // The agent answers, and the organisation of the log is still away.
    if (isMedsealError(error, 'PEER_UNREACHABLE')) return false;
    throw error;
  }
}

async function hasGrown(party: Party, audit: Audit, part: ChainPart): Promise<boolean> {
  const { handle, key } = audit;
  const { log } = part;
  const { size, root } = await party.agent.checkpoint(log);
  if (size <= part.checkpoint.size) return false;
  const counted = (at: { size: number; root: `0x${string}` }, tallies: ChainPart['tallies']) =>
    countedIn(party, party.network, { ...key, handle, log, ...at }, tallies).agreed?.count;
  const before = counted(part.checkpoint, part.tallies);
  if (before === undefined) return false;
  try {
    const now = counted({ size, root }, await party.agent.tallies({ ...key, log, size, root }));
    return now !== undefined && now > before;
  } catch (error) {
    if (isMedsealError(error, 'RELEASE_UNKNOWN')) return true;
    throw error;
  }
}
