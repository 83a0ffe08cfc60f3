import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { List } from '../../ui/List.tsx';
import type { PageEntry } from '../../ui/PageFrame.tsx';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { NewsCount, newsOf } from '../../ui/NewsCount.tsx';
import { Page } from '../../ui/Page.tsx';
import { useTitle } from '../../ui/useTitle.ts';
import { useWords } from '../../words/useWords.tsx';
import classes from './More.module.css';

/** Properties of `More`. */
export interface MoreProps {
  /** Entries that stand in no menu, and those of a wide menu alone. */
  readonly entries: readonly PageEntry[];
  /** Asks where the person wants to go. */
  readonly onFind: () => void;
}

/** The screens that somebody needs less often, and on a narrow screen those that its bar has no room for. */
export function More({ entries, onFind }: MoreProps): ReactNode {
  const { say } = useWords();
  useTitle('screen', say('more.menu'));
  return (
    <Page
      title={say('more.menu')}
      act={
        <Button onClick={onFind}>
          <Icon name="search" />
          {say('common.find')}
        </Button>
      }
    >
      <List
        className={classes['entries']}
        lineClass={({ isWide = false }) => (isWide ? classes['narrow'] : undefined)}
        items={entries}
        keyOf={({ to }) => to}
      >
        {({ to, label, icon, news = 0 }) => (
          <Link href={to} {...newsOf('more', to, news)}>
            <Icon name={icon} />
            <span>{label}</span>
            <NewsCount at="more" to={to} count={news} />
            <Icon name="chevron-right" />
          </Link>
        )}
      </List>
    </Page>
  );
}
