import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { arrivalsOf } from '../../session/arrivalsOf.ts';
import { collectNews } from '../../session/people.ts';
import type { Session } from '../../session/Session.ts';
import { watchNews } from '../../session/watchNews.ts';
import { Button } from '../../ui/Button.tsx';
import { useWords } from '../../words/useWords.tsx';
import { List } from '../../ui/List.tsx';
import classes from './News.module.css';
import { NEWS_KINDS, type NewsKind } from './newsKinds.ts';

/** Number of news by kind. */
type Counts = Readonly<Partial<Record<NewsKind['kind'], number>>>;

/** Properties of `News`. */
export interface NewsProps {
  readonly session: Session;
  /** Paths of the screens that the person has. */
  readonly paths: readonly string[];
  /** Takes the number of news by the path of their screen. */
  readonly onCounts: (counts: Readonly<Record<string, number>>) => void;
  /** Shows a screen from its beginning that is shown already. */
  readonly onRenew: () => void;
}

/** Looks for letters while somebody is at work, counts what is new, and says what came meanwhile. It names nobody. */
export function News({ session, paths, onCounts, onRenew }: NewsProps): ReactNode {
  const { say, number, loadHome } = useWords();
  const [path] = useLocation();
  const { party } = session;
  const [counts, setCounts] = useState<Counts>({});
  const here = useRef(path);
  const [told, setTold] = useState<Counts>({});

  useEffect(() => {
    const end = arrivalsOf(party).listen(({ news, isAside, isFirst }) => {
      // The screen that took the letters shows what they brought.
      const came = countsIn((kind) =>
        !isAside && isHandledAt(kind, here.current) ? 0 : kind.count(news),
      );
      const isNew = Object.keys(came).length > 0;
      if (isNew) setCounts((before) => joined(before, came));
      if (isNew && !isFirst) setTold((before) => joined(before, came));
    });
    const watch = watchNews({
      after: (milliseconds, run) => party.clock.after(milliseconds, run),
      isSeen: () => !document.hidden,
      take: async () => {
        await collectNews(party, true);
        const { turnOverMandates } = await import('../../session/turnOverMandates.ts');
        await turnOverMandates(session);
      },
    });
    document.addEventListener('visibilitychange', watch.look);
    return () => {
      document.removeEventListener('visibilitychange', watch.look);
      watch.end();
      end();
    };
  }, [party]);

  useEffect(() => {
    // Without an answer the next unlocking asks again.
    void loadHome()
      .then(async () => {
        if (!isNotifying()) return;
        const { renewPush } = await import('../../session/pushHere.ts');
        await renewPush(party, say('news.push'));
      })
      .catch(() => undefined);
  }, [party, say, loadHome]);
  const leave = (from: string): void => {
    const left = (before: Counts): Counts =>
      countsIn((kind) => (isHandledAt(kind, from) ? 0 : (before[kind.kind] ?? 0)));
    setCounts(left);
    setTold(left);
  };
  useEffect(() => {
    here.current = path;
    leave(path);
  }, [path]);
  const placeOf = ({ at }: NewsKind): string | undefined => at.find((each) => paths.includes(each));
  useEffect(() => {
    const byPath: Record<string, number> = {};
    for (const kind of NEWS_KINDS) {
      const place = placeOf(kind);
      const count = counts[kind.kind] ?? 0;
      if (place !== undefined && count > 0) byPath[place] = (byPath[place] ?? 0) + count;
    }
    onCounts(byPath);
    return () => onCounts({});
  }, [counts, onCounts]);

  const rows = NEWS_KINDS.flatMap((kind) => {
    const count = told[kind.kind] ?? 0;
    const to = placeOf(kind);
    return count === 0 || to === undefined ? [] : [{ ...kind, count, to }];
  });
  return (
    <div role="status" className={classes['news-place']}>
      {rows.length > 0 && (
        <div className={classes['toast']}>
          <List look="text" items={rows} keyOf={({ kind }) => kind}>
            {({ label, count, to }) => (
              <>
                <Link
                  href={to}
                  onClick={() => {
                    if (path === to) onRenew();
                    leave(to);
                  }}
                >
                  {say(label)}
                </Link>
                {count > 1 && <b> {number(count)}</b>}
              </>
            )}
          </List>
          <Button kind="quiet" onClick={() => setTold({})}>
            {say('news.close')}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Counts of the kinds of which there is one at least. */
function countsIn(countOf: (kind: NewsKind) => number): Counts {
  return Object.fromEntries(
    NEWS_KINDS.map((kind) => [kind.kind, countOf(kind)] as const).filter(([, count]) => count > 0),
  );
}

function isHandledAt({ at }: NewsKind, path: string): boolean {
  return at.some((each) => path === each || path.startsWith(`${each}/`));
}

function joined(one: Counts, other: Counts): Counts {
  return countsIn(({ kind }) => (one[kind] ?? 0) + (other[kind] ?? 0));
}

/** Tells whether the browser shows notifications of this page: in any other nothing is to be renewed. */
function isNotifying(): boolean {
  return 'Notification' in globalThis && Notification.permission === 'granted';
}
