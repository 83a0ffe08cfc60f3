import { useCallback, useState, type ReactNode } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import type { Place } from './session/Place.ts';
import { endSession } from './session/endSession.ts';
import type { Session } from './session/Session.ts';
import { lockTabs, useIdleLock } from './session/useIdleLock.ts';
import { AroundActing } from './screens/acting/AroundActing.tsx';
import type { Find } from './screens/find/Find.tsx';
import { TellRecovery } from './screens/keys/TellRecovery.tsx';
import { LazyScreen } from './screens/LazyScreen.tsx';
import type { News } from './screens/news/News.tsx';
import { More } from './screens/more/More.tsx';
import { isFor, SCREENS, type MenuEntry } from './screens/screens.ts';
import { Enter } from './screens/enter/Enter.tsx';
import { Button } from './ui/Button.tsx';
import { FaultBoundary } from './ui/FaultBoundary.tsx';
import { PageFrame, type PageEntry, type PageFrameProps } from './ui/PageFrame.tsx';
import { Later } from './ui/Later.tsx';
import { Silently } from './ui/Silently.tsx';
import { MissingHeading } from './ui/MissingHeading.ts';
import { Notice } from './ui/Notice.tsx';
import { Page } from './ui/Page.tsx';
import { useNarrow } from './ui/useNarrow.ts';
import { useShortcut } from './ui/useShortcut.ts';
import { BRAND } from './ui/useTitle.ts';
import { useWords } from './words/useWords.tsx';

/** Loads what looks for news. */
const loadNews = async (): Promise<typeof News> => (await import('./screens/news/News.tsx')).News;

/** Path of the screen of what is needed less often. */
const MORE = '/more';

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
  const { say, loadAll } = useWords();
  const [path, go] = useLocation();
  const [isFinding, setFinding] = useState(false);
  const [news, setNews] = useState<Readonly<Record<string, number>>>({});
  const [renewed, setRenewed] = useState(0);
  const renew = useCallback(() => setRenewed((before) => before + 1), []);
  const lock = useCallback((): void => {
    setFinding(false);
    if (session !== undefined) endSession(session);
    onSession(undefined);
    // Whoever unlocks the page next begins at the beginning.
    go('/', { replace: true });
  }, [session, onSession, go]);
  useIdleLock(session, lock);
  const find = useCallback(() => setFinding(true), []);
  const loadFind = useCallback(async (): Promise<typeof Find> => {
    await loadAll();
    return (await import('./screens/find/Find.tsx')).Find;
  }, [loadAll]);
  useShortcut('k', session && find);
  const lockAll = (): void => {
    lockTabs();
    lock();
  };
  const screens = SCREENS.filter((screen) => isFor(screen, session));
  const listed = screens.flatMap(({ path: to, menu }) =>
    menu === undefined ? [] : [{ ...menu, to, label: say(menu.label), isHere: isAt(path, to) }],
  );
  // A screen without an entry is reached from the first one.
  const entryFor = (to: string): string | undefined =>
    (listed.find((each) => each.to === to) ?? listed[0])?.to;
  const placed = listed.map((each) => {
    const own = Object.keys(news).filter((to) => entryFor(to) === each.to);
    return { ...each, news: own.reduce((sum, to) => sum + (news[to] ?? 0), 0) };
  });
  const isMore = ({ at }: Pick<MenuEntry, 'at'>): boolean => session !== undefined && at === 'more';
  const isNarrow = useNarrow();
  const isUnderMore = (each: (typeof placed)[number]): boolean =>
    isMore(each) || (isNarrow && each.at === 'side');
  const more = {
    to: MORE,
    label: say('more.menu'),
    icon: 'ellipsis',
    isHere: path === MORE || placed.some((each) => each.isHere && isUnderMore(each)),
    news: placed.filter(isUnderMore).reduce((sum, each) => sum + each.news, 0),
  } as const;
  const entries = [
    ...placed.filter((each) => !isMore(each)).map(entryOf),
    ...(session === undefined ? [] : [more]),
  ];
  const role = session?.role && say(`common.role-${session.role}`);
  const own = session && { onLock: lockAll, onFind: find, person: personOf(session, role) };
  return (
    <PageFrame
      {...own}
      place={place.organisation}
      density={session === undefined || session.role === 'patient' ? 'calm' : 'work'}
      entries={session?.acting?.isOver === true ? [] : entries}
      demo={place.network.demo}
      toast={
        session?.role !== undefined &&
        !session.acting && (
          <Silently key={session.party.address} load={loadNews}>
            {(News) => (
              <News
                session={session}
                paths={screens.map((screen) => screen.path)}
                onCounts={setNews}
                onRenew={renew}
              />
            )}
          </Silently>
        )
      }
    >
      {isOutdated && (
        <Notice title={say('common.newer')}>
          <Button onClick={() => location.reload()}>{say('common.newer-load')}</Button>
        </Notice>
      )}
      <TellRecovery session={session} />
      <FaultBoundary
        onFault={lockAll}
        renderFault={(again) => (
          <Page title={BRAND}>
            <Notice kind="bad" title={say('common.fault')}>
              <Button onClick={again}>{say('common.fault-again')}</Button>
            </Notice>
          </Page>
        )}
      >
        <MissingHeading value={BRAND}>
          <AroundActing session={session} onSession={onSession}>
            <Switch>
              {screens.map((screen) => (
                <Route key={screen.path} path={screen.path}>
                  <LazyScreen
                    key={renewed}
                    screen={screen}
                    place={place}
                    session={session}
                    onSession={onSession}
                    onLock={lockAll}
                  />
                </Route>
              ))}
              {session !== undefined && (
                <Route path={MORE}>
                  <More
                    entries={placed.filter(({ at }) => at !== 'bar').map(entryOf)}
                    onFind={find}
                  />
                </Route>
              )}
              <Route>
                {session === undefined ? (
                  <Enter place={place} onSession={onSession} />
                ) : (
                  <Redirect
                    to={session.role === undefined ? '/me' : (entries[0]?.to ?? '/me')}
                    replace
                  />
                )}
              </Route>
            </Switch>
          </AroundActing>
        </MissingHeading>
        {isFinding && session !== undefined && (
          <Later load={loadFind}>
            {(Find) => (
              <Find
                session={session}
                entries={placed.map(entryOf)}
                onGo={(to) => {
                  setFinding(false);
                  go(to);
                }}
                onClose={() => setFinding(false)}
              />
            )}
          </Later>
        )}
      </FaultBoundary>
    </PageFrame>
  );
}

/** The person as the frame has it; that for whom somebody acts, if so. */
function personOf(
  { called, acting }: Session,
  role: string | undefined,
): NonNullable<PageFrameProps['person']> {
  return { called, to: acting ? '/family' : '/me', ...(role !== undefined && { role }) };
}

/** An entry as the frame has it. */
function entryOf({ at, ...entry }: PageEntry & Pick<MenuEntry, 'at'>): PageEntry {
  return { ...entry, isWide: at === 'side' };
}

function isAt(path: string, screen: string): boolean {
  return path === screen || path.startsWith(`${screen}/`);
}
