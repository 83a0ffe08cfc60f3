import { useCallback, useEffect, useRef, type ReactNode } from 'react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import type { Place } from './session/Place.ts';
import { endSession } from './session/endSession.ts';
import type { Session } from './session/Session.ts';
import { lockTabs, useIdleLock } from './session/useIdleLock.ts';
import { usePrivateLocation } from './session/usePrivateLocation.ts';
import { LazyScreen } from './screens/LazyScreen.tsx';
import { SCREENS, type ScreenEntry } from './screens/screens.ts';
import { Enter } from './screens/enter/Enter.tsx';
import { Button } from './ui/Button.tsx';
import { FaultBoundary } from './ui/FaultBoundary.tsx';
import { LanguageChoice } from './ui/LanguageChoice.tsx';
import { Notice } from './ui/Notice.tsx';
import { useWords } from './words/useWords.tsx';

/** Properties of `Shell`. */
export interface ShellProps {
  readonly place: Place;
  readonly session: Session | undefined;
  readonly onSession: (session: Session | undefined, inPlaceOf?: Session) => void;
  /** True once the browser keeps a newer version than this one. */
  readonly isOutdated: boolean;
}

/** The frame around every screen: the place, the menu of the person's role, and the lock. */
export function Shell({ place, session, onSession, isOutdated }: ShellProps): ReactNode {
  const { say } = useWords();
  const [path, go] = useLocation();
  const lock = useCallback((): void => {
    if (session !== undefined) endSession(session);
    onSession(undefined);
    // Whoever unlocks the page next begins at the beginning.
    go('/', { replace: true });
  }, [session, onSession, go]);
  useIdleLock(session, lock);
  const lockAll = (): void => {
    lockTabs();
    lock();
  };
  // On a narrow screen the menu is wider than it.
  const menu = useRef<HTMLElement>(null);
  useEffect(() => {
    const [around, current] = [menu.current, menu.current?.querySelector('[aria-current]')];
    if (!around || !current) return;
    const [outer, inner] = [around.getBoundingClientRect(), current.getBoundingClientRect()];
    around.scrollBy({ left: inner.x + inner.width / 2 - outer.x - outer.width / 2 });
  }, [path]);
  const screens = SCREENS.filter((screen) => isFor(screen, session));
  const first = screens.find(({ label }) => label !== undefined);
  return (
    <>
      <a
        className="skip"
        href={usePrivateLocation.hrefs(path)}
        onClick={() => document.querySelector('h1')?.focus()}
      >
        {say('common.skip')}
      </a>
      <header className="top">
        <Link href="/" className="brand">
          Medseal
        </Link>
        <span className="place">{place.organisation}</span>
        <LanguageChoice />
        {session !== undefined && (
          <Button kind="quiet" onClick={lockAll}>
            {say('common.lock')}
          </Button>
        )}
      </header>
      {place.network.demo && <p className="demo">{say('common.demo')}</p>}
      <nav ref={menu} aria-label={say('common.menu')}>
        {screens.map(({ path: to, label }) =>
          label === undefined ? null : (
            <Link
              key={to}
              href={to}
              aria-current={path === to || path.startsWith(`${to}/`) ? 'page' : undefined}
            >
              {say(label)}
            </Link>
          ),
        )}
      </nav>
      <main>
        {isOutdated && (
          <Notice title={say('common.newer')}>
            <Button onClick={() => location.reload()}>{say('common.newer-load')}</Button>
          </Notice>
        )}
        <FaultBoundary
          onFault={lockAll}
          renderFault={(again) => (
            <Notice kind="bad" title={say('common.fault')}>
              <Button onClick={again}>{say('common.fault-again')}</Button>
            </Notice>
          )}
        >
          <Switch>
            {screens.map((screen) => (
              <Route key={screen.path} path={screen.path}>
                <LazyScreen
                  screen={screen}
                  place={place}
                  session={session}
                  onSession={onSession}
                  onLock={lockAll}
                />
              </Route>
            ))}
            <Route>
              {session === undefined ? (
                <Enter place={place} onSession={onSession} />
              ) : (
                <Redirect to={first?.path ?? '/me'} replace />
              )}
            </Route>
          </Switch>
        </FaultBoundary>
      </main>
    </>
  );
}

function isFor(screen: ScreenEntry, session: Session | undefined): boolean {
  if ('open' in screen) return true;
  if (session === undefined) return false;
  return screen.roles === undefined || screen.roles.some((role) => role === session.role);
}
