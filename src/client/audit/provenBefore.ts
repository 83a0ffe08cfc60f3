import { parseBody } from '../../protocol/evidence/parseBody.ts';
import type { ChainEntry } from '../../protocol/evidence/evidence.ts';
import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Party } from '../party/Party.ts';
import type { AuditEvent, KeptAudit, KeptLog } from './Audit.ts';
import type { ExaminedBefore } from './examineEntries.ts';
import { sameAsProven } from './provenBlocks.ts';

/**
 * Returns the entries of a list that a kept audit proved, as if they had been examined before in this process.
 *
 * @param party - SHA-256, and the pause between some entries.
 * @param proven - The log as the device keeps it.
 * @param kept - The kept audit, with its lines.
 * @param listed - As a node lists the entries now; not trusted.
 */
export async function provenBefore(
  party: Pick<Party, 'primitives' | 'pause'>,
  { log, proven }: KeptLog,
  { audit }: KeptAudit,
  listed: readonly ChainEntry[],
): Promise<ExaminedBefore> {
  const events = audit.logs.find((each) => each.log === log)?.events ?? [];
  const lines = new Map(events.map((event) => [event.entry, event]));
  const same = await sameAsProven(party, proven, listed);
  return new Map(
    same.map((entry) => [entry.index, [entry, lineOf(entry, lines.get(entry.entry))] as const]),
  );

  function lineOf({ index, entry, body }: ChainEntry, line: AuditEvent | undefined): AuditEvent {
    if (body === undefined) return { log, index, entry };
    if (line?.body !== undefined) return line;
    return { log, index, entry, body: parseBody(body), size: utf8ToBytes(body).length };
  }
}

/**
 * Returns the fault of a list that does not have the lines any more which the device proved, although the log goes on from
 * there: a node and k coordinators that hide one together are found out by whoever saw it.
 *
 * @param party - SHA-256.
 * @param proven - The log as the device keeps it.
 * @param listed - The entries as a node lists them now.
 */
export function keptFault(
  { primitives }: Pick<Party, 'primitives'>,
  { at, lines, names: root, checkpoint: { size } }: KeptLog,
  listed: readonly ChainEntry[],
): string | undefined {
  if (root === undefined) return undefined;
  const before = listed.filter(({ index }) => index < size).map(({ entry }) => entry);
  if (before.length === lines && hashOverLines({ primitives }, before) === root) return undefined;
  const when = new Date(at * 1000).toISOString();
  return `this device proved ${lines} lines among the first ${size} entries on ${when}, and ${before.length} are listed now, not the same`;
}

/**
 * Returns a hash over entries in their order, which goes on as entries are added.
 *
 * @param party - SHA-256.
 * @param entries - The entries.
 * @param before - The hash over those before them.
 */
export function hashOverLines(
  { primitives }: Pick<Party, 'primitives'>,
  entries: readonly Bytes32[],
  before: Bytes32 = ZERO32,
): Bytes32 {
  let hash = hexToBytes(before);
  for (const entry of entries) hash = primitives.sha256(concatBytes(hash, hexToBytes(entry)));
  return bytesToHex(hash);
}
