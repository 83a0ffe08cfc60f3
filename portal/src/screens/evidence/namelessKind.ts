import type { AuditEvent } from '../../../../src/client/index.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';

/** Lines that stand under nobody's name: they do not hold, are about another patient, or have no text any more. */
export type NamelessKind = 'unproven' | 'foreign' | 'erased';

/**
 * Tells why an event stands under nobody's name, whatever it claims.
 *
 * @param event - An event of the audit.
 * @param handle - The patient whose evidence it is.
 * @returns Undefined if the event is proven, and about this patient.
 */
export function namelessKind(
  { body, fault }: AuditEvent,
  handle: Handle,
): NamelessKind | undefined {
  if (fault !== undefined) return 'unproven';
  if (body === undefined) return 'erased';
  return body.request.message.handle === handle ? undefined : 'foreign';
}
