import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { SignedErased } from '../../protocol/evidence/evidence.ts';
import { parseEntryBody } from '../../protocol/evidence/parseBody.ts';
import { acceptedErase } from '../../protocol/rights/acceptedErase.ts';
import type { Erased } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { ErasedQuery } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { CoordinatorOptions } from './CoordinatorOptions.ts';
import { requireAudit } from './requireAudit.ts';
import { requireOnLedger } from './requireOnLedger.ts';

/**
 * Signs for a patient who audits their chart that the organisation has destroyed what an entry erases. It looks again whether none of
 * it is there.
 *
 * @param context - The organisation's context.
 * @param options - The coordinator's key, the organisation's logs, and its contributor.
 * @param query - The audit, and the place of the entry.
 * @throws MedsealError `RIGHT_MISSING`, `REQUEST_LATE`, `EVIDENCE_INVALID` as `requireAudit`; `NOT_FOUND` if the entry erases nothing of
 * that chart; `NOT_YET`.
 */
export async function stateErased(
  context: ServiceContext,
  { key, logs, contributor }: Pick<CoordinatorOptions, 'key' | 'logs' | 'contributor'>,
  { audit, log: name, index }: ErasedQuery,
): Promise<SignedErased> {
  const { handle } = requireAudit(context, audit);
  const log = logs.get(name);
  if (log === undefined) throw new MedsealError('NOT_FOUND', { what: 'log' });
  if (index >= log.size) throw new MedsealError('NOT_YET', { what: 'copy of the log' });
  const [entry] = await log.readAt([index]);
  const erase = entry && acceptedErase(parseEntryBody(entry.body));
  if (entry === undefined || erase?.handle !== handle) {
    throw new MedsealError('NOT_FOUND', { what: 'erasure on the chart' });
  }
  await requireOnLedger(context, log.identity.id, index + 1);
  const destroyed = await contributor.destroyed({ log: name, index }, erase);
  if (destroyed === undefined) {
    throw new MedsealError('NOT_YET', { what: 'end of the deletion at this organisation' });
  }
  const { versions, list, at, backup = 0 } = destroyed;
  const erased: Erased = {
    log: log.identity.id,
    erase: entry.entry,
    handle,
    versions,
    list,
    at,
    backup,
    stated: Math.max(at, backup, seconds(context.clock)),
  };
  const { party: coordinator, signature } = sign(context, key, 'Erased', erased);
  return { erased, coordinator, signature };
}
