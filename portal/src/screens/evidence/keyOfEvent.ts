import type { AuditEvent } from '../../../../src/client/index.ts';

/**
 * Names an event among all of a list.
 *
 * @param event - The event.
 */
export function keyOfEvent({ log, index }: Pick<AuditEvent, 'log' | 'index'>): string {
  return `${log}#${index}`;
}
