import type { BodyEncryption } from '../../log/encryptBodies.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import { parseEntryBody } from '../../protocol/evidence/parseBody.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { judgedBody } from './judgedBody.ts';

/**
 * The bodies that a coordinator judged for a log.
 *
 * @param stored - Its store, and what encrypts bodies there.
 * @param log - The log: bodies that were judged for another are not given.
 * @param entries - SHA-256 of each body.
 * @returns In their order; null if it judged no such body for the log, or lost it.
 */
export async function judgedBodies(
  stored: { readonly database: ServiceDatabase; readonly bodies: BodyEncryption },
  log: LogName,
  entries: readonly Bytes32[],
): Promise<readonly (string | null)[]> {
  const found: (string | null)[] = [];
  for (const entry of entries) {
    const body = await judgedBody(stored.database, stored.bodies, entry);
    const isOfLog = body !== undefined && parseEntryBody(body).log === log;
    found.push(isOfLog ? body : null);
  }
  return found;
}
