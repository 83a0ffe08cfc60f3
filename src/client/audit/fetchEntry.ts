import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { Party } from '../party/Party.ts';
import type { Audit, AuditEvent } from './Audit.ts';
import { entryOfEvent } from './entryOfEvent.ts';

/**
 * Returns an event of an audit as its entry with verdicts, to be shown to others. That of an older line, for which an audit of new
 * entries did not ask, comes from the node.
 *
 * @param party - The patient.
 * @param audit - The audit.
 * @param event - One of its events.
 * @throws MedsealError `NOT_FOUND` if its body was erased, or the node does not give it; `RELEASE_UNKNOWN` some minutes after the audit:
 * ask for another one.
 * @example
 * ```ts
 * const audit = await examineAudit(patient, { kept: await recallAudit(patient), onlyNew: true });
 * const [event] = audit.logs.flatMap(({ events }) => events);
 * if (event === undefined) throw new Error('nobody looked');
 * const entry = await fetchEntry(patient, audit, event);
 * await reportMistake(patient, { entry, words: 'I do not know this doctor.' });
 * ```
 */
export async function fetchEntry(
  { agent, primitives }: Pick<Party, 'agent' | 'primitives'>,
  audit: Pick<Audit, 'parts' | 'key'>,
  event: Pick<AuditEvent, 'log' | 'index' | 'entry'>,
): Promise<Acknowledgement> {
  const known = entryOfEvent(audit, event);
  if (known !== undefined) return known;
  const { log, index, entry } = event;
  const checkpoint = audit.parts.find((part) => part.log === log)?.checkpoint;
  if (checkpoint === undefined) throw new MedsealError('NOT_FOUND', { what: 'entry' });
  const { size, root } = checkpoint;
  const [listed] = await agent.audit({ ...audit.key, log, size, root, from: index });
  const { body, verdicts = [] } = listed ?? {};
  // The body that the device proved before, or none.
  const isSame = body !== undefined && bytesToHex(primitives.sha256(utf8ToBytes(body))) === entry;
  if (!isSame || listed?.index !== index) throw new MedsealError('NOT_FOUND', { what: 'entry' });
  return { log, index, entry, body, verdicts };
}
