import type { ServiceDatabase } from '../database/synced.ts';
import { openEvidenceLog, type EvidenceLogOptions } from '../log/openEvidenceLog.ts';
import type { EvidenceLog } from '../log/EvidenceLog.ts';
import { logKeysOf } from '../protocol/officesOf.ts';
import type { ServiceContext } from '../services/ServiceContext.ts';

/**
 * Opens an organisation's own log. If the log got another key, a history under the former one that the ledger does not have is
 * emptied: the log goes on from what the ledger has, and whatever was acknowledged was presented to others first.
 *
 * @param context - The organisation's context.
 * @param options - Of the log.
 * @param again - Opens its database once more, after it was closed.
 * @throws MedsealError `LEDGER_UNREACHABLE` if the log has had another key; as `openEvidenceLog`.
 */
export async function openOwnLog(
  context: ServiceContext,
  options: EvidenceLogOptions,
  again: () => Promise<ServiceDatabase>,
): Promise<EvidenceLog> {
  const log = await openEvidenceLog(options);
  if (await isOnLedger(context, log)) return log;
  await options.database.clear();
  await log.close();
  return await openEvidenceLog({ ...options, database: await again() });
}

/** Tells whether a log that has had another key agrees with what the ledger has of it. */
async function isOnLedger({ network, index }: ServiceContext, log: EvidenceLog): Promise<boolean> {
  const { id, name } = log.identity;
  if (network.before === undefined || logKeysOf(network, name).length < 2) return true;
  await index.refresh();
  const held = index.checkpoint(id);
  if (held === undefined) return true;
  if (log.size >= held.size) return (await log.root(held.size)) === held.root;
  // Entries after its last checkpoint may be of the other history.
  return log.size === ((await log.latestCheckpoint())?.checkpoint.size ?? 0);
}
