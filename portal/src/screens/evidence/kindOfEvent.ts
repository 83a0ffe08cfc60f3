import type { AuditEvent } from '../../../../src/client/index.ts';
import { actOf } from './actOf.ts';

/** Kinds of acts that a person can ask for alone, in the order in which they are offered. */
export const ACT_KINDS = ['looked', 'added', 'refused', 'devices'] as const;
/** A kind of acts. */
export type ActKind = (typeof ACT_KINDS)[number];

/**
 * Returns the kind of an event: somebody looked at records or their list, added or changed one, was refused, or brought
 * what a device measured.
 *
 * @param event - An event of the audit.
 * @returns Undefined for any other act, and for what is not proven or has no text: nobody did that for sure.
 */
export function kindOfEvent({ body, fault }: AuditEvent): ActKind | undefined {
  if (body === undefined || fault !== undefined) return undefined;
  if (body.flag === 'R') return 'refused';
  const { type } = body.request;
  if (type === 'Write') return body.readings === undefined ? 'added' : 'devices';
  const [act] = actOf(body.request);
  const looked = ['chart', 'record', 'kept', 'records', 'kept-records'].includes(act);
  return looked ? 'looked' : undefined;
}
