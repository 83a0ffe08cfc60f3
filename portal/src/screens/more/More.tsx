import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { PageEntry } from '../../ui/PageFrame.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Page } from '../../ui/Page.tsx';
import { useWords } from '../../words/useWords.tsx';
import classes from './More.module.css';

/** Properties of `More`. */
export interface MoreProps {
  /** Entries that stand in no menu, and those of a wide menu alone. */
  readonly entries: readonly PageEntry[];
}

/** The screens that somebody needs less often, and on a narrow screen those that its bar has no room for. */
export function More({ entries }: MoreProps): ReactNode {
  const { say } = useWords();
  return (
    <Page title={say('more.menu')}>
      <ul className={classes['entries']}>
        {entries.map(({ to, label, icon, isWide = false }) => (
          <li key={to} className={isWide ? classes['narrow'] : undefined}>
            <Link href={to}>
              <Icon name={icon} />
              <span>{label}</span>
              <Icon name="chevron-right" />
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  );
}
