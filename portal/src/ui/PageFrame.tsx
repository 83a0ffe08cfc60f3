import { useEffect, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { usePrivateLocation } from '../session/usePrivateLocation.ts';
import { useWords } from '../words/useWords.tsx';
import { Avatar } from './Avatar.tsx';
import { Button } from './Button.tsx';
import { List } from './List.tsx';
import classes from './PageFrame.module.css';
import { Icon } from './Icon.tsx';
import type { IconName } from './iconNames.ts';
import { NewsCount, newsOf } from './NewsCount.tsx';
import { LanguageChoice } from './LanguageChoice.tsx';

/** An entry of the menu. */
export interface PageEntry {
  readonly to: string;
  readonly label: string;
  readonly icon: IconName;
  /** True if the path that is shown is under it. */
  readonly isHere: boolean;
  /** True if the bar of a narrow screen has no room for it. */
  readonly isWide?: boolean;
  /** Number of news that wait there. */
  readonly news?: number;
}

/** Properties of `PageFrame`. */
export interface PageFrameProps {
  /** Organisation whose page it is. */
  readonly place: string | undefined;
  /** The person who is at work, with the address of the person's own screen. */
  readonly person?: { readonly called: string; readonly role?: string; readonly to: string };
  /** People at home read wide, people at work close together. */
  readonly density: 'calm' | 'work';
  /** Entries of the menu; none if there is no menu. */
  readonly entries: readonly PageEntry[];
  /** True if nothing on the page is of a real person. */
  readonly demo?: boolean;
  /** Locks the page; absent if there is nothing to lock. */
  readonly onLock?: () => void;
  /** Asks where the person wants to go; absent while nobody is at work. */
  readonly onFind?: () => void;
  /** A word on what came meanwhile. */
  readonly toast?: ReactNode;
  readonly children: ReactNode;
}

/** Shows each screen with its place, the person, the menu and the lock: at the side, or in two bars of a narrow screen. */
export function PageFrame({
  place,
  person,
  density,
  entries,
  demo = false,
  onLock,
  onFind,
  toast,
  children,
}: PageFrameProps): ReactNode {
  const { say } = useWords();
  const [path] = useLocation();
  useEffect(() => {
    document.body.dataset['density'] = density;
  }, [density]);
  const lock = onLock && (
    <Button kind="quiet" onClick={onLock}>
      <Icon name="lock-keyhole" />
      <span>{say('common.lock')}</span>
    </Button>
  );
  return (
    <div className={classes['shell']}>
      <header className={classes['rail']}>
        <a
          className={classes['skip']}
          href={usePrivateLocation.hrefs(path)}
          onClick={(event) => {
            // To follow the link would forget the step that the screen is at.
            event.preventDefault();
            document.querySelector('h1')?.focus();
          }}
        >
          {say('common.skip')}
        </a>
        <div className={classes['side']}>
          <div className={classes['brand']}>
            <Link href="/" className={classes['brand-name']} translate="no">
              <Seal />
              <span>Medseal</span>
            </Link>
            <span className={classes['brand-place']} translate="no">
              {place}
            </span>
            <span className={classes['tongue']}>
              <LanguageChoice />
            </span>
            {lock !== undefined && <span className={classes['lock']}>{lock}</span>}
          </div>
          {person !== undefined && (
            <Link href={person.to} className={classes['self']}>
              <Avatar name={person.called} />
              <span>
                <b translate="no">{person.called}</b>
                <small>{person.role}</small>
              </span>
            </Link>
          )}
          {onFind !== undefined && (
            <span className={classes['search']}>
              <Button kind="quiet" onClick={onFind}>
                <Icon name="search" />
                <span>{say('common.find')}</span>
                <kbd>{/mac/i.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K'}</kbd>
              </Button>
            </span>
          )}
          {entries.length > 0 && (
            <nav className={classes['nav']} aria-label={say('common.menu')}>
              <List
                look="text"
                lineClass={({ isWide = false }) => (isWide ? classes['far'] : undefined)}
                items={entries}
                keyOf={({ to }) => to}
              >
                {({ to, label, icon, isHere, news = 0 }) => (
                  <Link
                    href={to}
                    aria-current={isHere ? 'page' : undefined}
                    {...newsOf('menu', to, news)}
                  >
                    <Icon name={icon} />
                    <span>{label}</span>
                    <NewsCount at="menu" to={to} count={news} />
                  </Link>
                )}
              </List>
            </nav>
          )}
          {lock !== undefined && <span className={classes['foot']}>{lock}</span>}
        </div>
      </header>
      <div>
        {demo && (
          <aside className={classes['demo']}>
            <Icon name="info" />
            {say('common.demo')}
          </aside>
        )}
        {toast}
        <main className={classes['content']}>{children}</main>
      </div>
    </div>
  );
}

/** The mark of Medseal. */
function Seal(): ReactNode {
  return (
    <svg className={classes['logo']} viewBox="0 0 28 28" aria-hidden="true">
      <circle cx="14" cy="14" r="13" fill="currentColor" opacity=".14" />
      <circle
        cx="14"
        cy="14"
        r="12"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeDasharray="62 14"
        strokeLinecap="round"
        transform="rotate(-58 14 14)"
      />
      <path
        d="M8 18.5v-8l6 5 6-5v8"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
