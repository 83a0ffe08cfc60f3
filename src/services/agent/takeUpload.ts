import { MedsealError } from '../../errors/MedsealError.ts';
import { authenticate } from '../../protocol/evidence/judgeEvidence.ts';
import { requireTimely } from '../../protocol/evidence/requireTimely.ts';
import { requireActive } from '../../protocol/rights/judgeRight.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { parseSigned } from '../../protocol/struct/parseSigned.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { DAILY_BYTES } from '../coordinator/ByteAllowance.ts';
import type { AgentContext } from './AgentContext.ts';

/** Seconds that an uploaded file may wait for the entry that names it. */
const UPLOAD_LEASE = 3600;

/**
 * Takes a sealed file of an enrolled party, as far as its quota goes; not a byte is read before.
 *
 * @param agent - The agent's context.
 * @param offered - The signed announcement, not trusted. The same again extends the lease.
 * @param content - The file's bytes.
 * @throws MedsealError that says why not; `RECORD_ERASED` for a file that a patient erased.
 */
export async function takeUpload(
  agent: AgentContext,
  offered: Signed<'Upload'>,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  const request = parseSigned(offered, ['Upload']);
  const { log, deadline } = request.message;
  if (log !== agent.log.identity.name) throw new MedsealError('LOG_WRONG', {});
  await agent.requireOpen();
  await agent.index.refresh();
  authenticate(agent, agent.index, request);
  requireActive(agent.index, request.party);
  agent.accounts.note(request.party);
  const at = agent.index.moment;
  requireTimely(deadline, at);
  await requireNotErased(agent, request.message.file);
  await takeBytes(agent, request, at);
  const arrived = agent.leases.arrive(request.party);
  try {
    await putLeased(agent, request, content, at + UPLOAD_LEASE);
  } finally {
    arrived();
  }
}

/** Refuses a file that a patient erased: an upload brings none back. */
async function requireNotErased({ erasures }: AgentContext, file: Bytes32): Promise<void> {
  const category = await erasures.categoryOf(file);
  if (category !== undefined) throw new MedsealError('RECORD_ERASED', { category });
}

/** No chart is known yet: what the party may add to all of them counts. */
async function takeBytes(
  { bytes, index }: AgentContext,
  { party, message: { file, size } }: Signed<'Upload'>,
  at: number,
): Promise<void> {
  const role = index.party(party)?.role;
  if (await bytes.take({ party, role, bytes: size, file }, at)) return;
  throw new MedsealError('QUOTA_SPENT', { what: DAILY_BYTES });
}

async function putLeased(
  agent: AgentContext,
  { party, message: { file: hash, size } }: Signed<'Upload'>,
  content: AsyncIterable<Uint8Array>,
  until: number,
): Promise<void> {
  const ended = agent.leases.reserve(party, { hash, size }, until);
  let came = false;
  try {
    await agent.vault.put({ hash, size }, content, until);
    came = true;
  } finally {
    ended(came);
  }
}
