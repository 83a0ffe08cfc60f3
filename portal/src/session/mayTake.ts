import type { Session } from './Session.ts';

/**
 * Tells whether the page lets a session in. It may have opened after the lock, while another person is at work, or a second time:
 * acting for a patient begins from the person's own session alone, and leads back to it alone.
 *
 * @param next - The session.
 * @param current - The one that is at work.
 * @param isLocked - Tells of a party whether its session was ended.
 * @param inPlaceOf - The one whose place it takes, for a new key.
 */
export function mayTake(
  next: Session,
  current: Session | undefined,
  isLocked: (party: Session['party']) => boolean,
  inPlaceOf?: Session,
): boolean {
  if (isLocked(next.party)) return false;
  if (inPlaceOf !== undefined) return current?.party === inPlaceOf.party;
  if (next.party === current?.party) return true;
  if (next.acting !== undefined) return next.acting.own.party === current?.party;
  return current === undefined || current.acting?.own.party === next.party;
}
