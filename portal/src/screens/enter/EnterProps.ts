import type { Place } from '../../session/Place.ts';
import type { Session } from '../../session/Session.ts';

/** Properties of every screen that lets a person in. */
export interface EnterProps {
  readonly place: Place;
  readonly onSession: (session: Session) => void;
}
