import type { Place } from '../session/Place.ts';
import type { Session } from '../session/Session.ts';

/** Properties of a screen of a person. */
export interface ScreenProps {
  readonly session: Session;
  /**
   * Takes what the network says of the person now, after the person was enrolled or restored, or the session with a new
   * key in place of one that is still at work.
   */
  readonly onSession: (session: Session, inPlaceOf?: Session) => void;
  /** Locks the page. */
  readonly onLock: () => void;
}

/** Properties of a screen that needs no key. */
export interface PublicScreenProps {
  readonly place: Place;
}
