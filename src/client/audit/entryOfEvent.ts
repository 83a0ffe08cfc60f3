import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { Audit, AuditEvent } from './Audit.ts';

/**
 * Returns an event of an audit as its entry with verdicts, to be shown to others; undefined if its body was erased.
 *
 * @param audit - The audit.
 * @param event - One of its events.
 * @example
 * ```ts
 * const audit = await examineAudit(patient);
 * const [event] = audit.logs.flatMap(({ events }) => events);
 * const entry = event && entryOfEvent(audit, event);
 * if (entry !== undefined) await reportMistake(patient, { entry, words: 'I do not know this doctor.' });
 * ```
 */
export function entryOfEvent(
  { parts }: Pick<Audit, 'parts'>,
  { log, index }: Pick<AuditEvent, 'log' | 'index'>,
): Acknowledgement | undefined {
  const part = parts.find((each) => each.log === log);
  const listed = part?.entries.find((each) => each.index === index);
  if (listed?.body === undefined) return undefined;
  const { entry, body, verdicts } = listed;
  return { log, index, entry, body, verdicts };
}
