import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { Router } from 'wouter';
import { endActing, endSession } from './session/endSession.ts';
import { mayTake } from './session/mayTake.ts';
import { openPlace } from './session/openPlace.ts';
import type { Place } from './session/Place.ts';
import type { Session } from './session/Session.ts';
import { usePrivateLocation } from './session/usePrivateLocation.ts';
import { useTask, type Task } from './session/useTask.ts';
import { Shell } from './Shell.tsx';
import { EmergencyWay } from './screens/enter/EmergencyWay.tsx';
import { KeptWay } from './screens/enter/KeptWay.tsx';
import { Awaiting } from './ui/Awaiting.tsx';
import { MissingHeading } from './ui/MissingHeading.ts';
import { BRAND } from './ui/useTitle.ts';
import { useWords, WordsProvider } from './words/useWords.tsx';

/** Path at the operator's endpoint; at an agent it has the organisation before it. */
export const OPERATOR_PAGE = '/portal/';

/** Properties of `App`. */
export interface AppProps {
  /** True once the browser keeps a newer version than the one that is shown. */
  readonly isOutdated: boolean;
  /** Called once the first screen is drawn, or the reason why it does not come. */
  readonly onDrawn: () => void;
}

/** The portal: words, the place that it belongs to, and the person who is at work in it. */
export function App(props: AppProps): ReactNode {
  return location.pathname === OPERATOR_PAGE ? (
    inWords(<AtOperator {...props} />)
  ) : (
    <AtAgent {...props} />
  );
}

function inWords(screen: ReactNode): ReactNode {
  return (
    <WordsProvider>
      <Router hook={usePrivateLocation}>{screen}</Router>
    </WordsProvider>
  );
}

/** An agent's portal; the agent is asked while the words are loaded. */
function AtAgent(props: AppProps): ReactNode {
  const place = useTask(async () => await openPlace(location.href.replace(/[?#].*$/s, '')), []);
  return inWords(<AtPlace {...props} place={place} />);
}

/** The page of a node's operator, which the node serves at an endpoint of its own. */
function AtOperator({ onDrawn }: AppProps): ReactNode {
  const { say, loadOperator } = useWords();
  const desk = useTask(async () => {
    await loadOperator();
    return (await import('./operate/OperatorDesk.tsx')).OperatorDesk;
    // Another language has all its words already, and keeps the code that was typed.
  }, []);
  useDrawn(desk, onDrawn);
  if (desk.state !== 'done') {
    return (
      <main>
        <MissingHeading value={BRAND}>
          <Awaiting on={desk} what={say('common.opening')} />
        </MissingHeading>
      </main>
    );
  }
  return <desk.value />;
}

function AtPlace({
  place,
  isOutdated,
  onDrawn,
}: AppProps & { readonly place: Task<Place> }): ReactNode {
  const { say } = useWords();
  const [session, setSession] = useState<Session>();
  const present = useRef<Session>(undefined);
  const locked = useRef(new WeakSet<Session['party']>());
  // A session may open after the lock, or while another person is at work: it is not let in.
  const take = useCallback((next: Session | undefined, inPlaceOf?: Session): void => {
    const { current } = present;
    const end = (session: Session, ending: (session: Session) => void): void => {
      locked.current.add(session.party);
      ending(session);
    };
    if (next === undefined) {
      for (let each = current; each !== undefined; each = each.acting?.own) {
        locked.current.add(each.party);
      }
    } else if (!mayTake(next, current, (party) => locked.current.has(party), inPlaceOf)) {
      (next.acting === undefined ? endSession : endActing)(next);
      return;
    } else if (
      current?.acting !== undefined &&
      (next.party !== current.party || next.acting?.isOver === true)
    ) {
      // The person's own session goes on behind that in which they acted.
      end(current, endActing);
    } else if (inPlaceOf !== undefined) {
      end(inPlaceOf, endSession);
    }
    present.current = next;
    setSession(next);
  }, []);
  useDrawn(place, onDrawn);
  if (place.state !== 'done') {
    // A card for an emergency waits for no network.
    return (
      <main>
        <MissingHeading value={BRAND}>
          <Awaiting on={place} what={say('common.opening')} />
        </MissingHeading>
        {place.state === 'failed' && <KeptWay />}
        <EmergencyWay />
      </main>
    );
  }
  return <Shell place={place.value} session={session} onSession={take} isOutdated={isOutdated} />;
}

/** Tells when nothing is waited for any more and the screen that shows so is drawn. */
function useDrawn({ state }: Task<unknown>, onDrawn: () => void): void {
  useEffect(() => {
    if (state !== 'working') onDrawn();
  }, [state, onDrawn]);
}
