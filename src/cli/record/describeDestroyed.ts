import type { DestroyedAt } from '../../protocol/evidence/verifyErasure.ts';
import { describeMoment } from '../describeBody.ts';

/**
 * Describes an organisation's statement that it destroyed what was erased.
 *
 * @param destroyed - The statement.
 */
export function describeDestroyed({ organisation, at, backup }: DestroyedAt): readonly string[] {
  const backups =
    backup === undefined
      ? 'backups may still have it'
      : `in no backup since ${describeMoment(backup)}`;
  return [`${organisation}: destroyed on ${describeMoment(at)}; ${backups}`];
}

/**
 * Describes a statement that the patient's audit contradicts.
 *
 * @param broken - The statement.
 */
export function describeBroken({ organisation, at }: DestroyedAt): string {
  return `${organisation}: stated ${describeMoment(at)}; an audit contradicts it, so no date of it counts`;
}
