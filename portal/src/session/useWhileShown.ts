import { endSession } from './endSession.ts';
import type { Session } from './Session.ts';
import { useShown } from './useShown.ts';

/**
 * Lets a session in only while the screen that opened it is shown: one that comes after the person went back is ended, for
 * somebody else may be in front of the screen by then.
 *
 * @param onSession - Takes the session.
 */
export function useWhileShown(onSession: (session: Session) => void): (session: Session) => void {
  const isShown = useShown();
  return (session) => {
    if (isShown.current) onSession(session);
    else endSession(session);
  };
}
