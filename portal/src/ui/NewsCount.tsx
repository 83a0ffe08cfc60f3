import type { ReactNode } from 'react';
import { useWords } from '../words/useWords.tsx';
import classes from './NewsCount.module.css';

/** Properties of `NewsCount`. */
export interface NewsCountProps {
  /** List that has the entry. */
  readonly at: 'menu' | 'more';
  /** Address that the entry leads to. */
  readonly to: string;
  readonly count: number;
}

/** The number of news that wait behind an entry: it describes the entry, whose name stays as it is. */
export function NewsCount({ at, to, count }: NewsCountProps): ReactNode {
  const { say, number } = useWords();
  if (count === 0) return null;
  return (
    <>
      <b className={classes['count']} aria-hidden="true">
        {number(count)}
      </b>
      <span id={idOf(at, to)} hidden>
        {say('common.new-count', { count })}
      </span>
    </>
  );
}

/**
 * Returns what describes an entry by its number of news, as attributes of its link.
 *
 * @param at - List that has the entry.
 * @param to - Address that the entry leads to.
 * @param count - Number of news.
 */
export function newsOf(
  at: NewsCountProps['at'],
  to: string,
  count: number,
): { readonly 'aria-describedby'?: string } {
  return count === 0 ? {} : { 'aria-describedby': idOf(at, to) };
}

function idOf(at: string, to: string): string {
  return `${at}-news${to.replaceAll('/', '-')}`;
}
