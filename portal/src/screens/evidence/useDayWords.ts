import { useMemo } from 'react';
import { sayMoment } from '../../words/sayMoment.ts';
import { useWords } from '../../words/useWords.tsx';
import { dayOfMoment } from './dayOfMoment.ts';

/** Days and times of a list that has a heading for each day. */
export interface DayWords {
  /** The time of a moment, or of the first and the last one of several. */
  readonly times: (first: number, last: number) => string;
  /** A day with its weekday, and today and yesterday by their names. */
  readonly heading: (at: number) => { readonly title: string; readonly more?: string };
}

/**
 * Returns what says days and times.
 *
 * @param now - Unix seconds.
 */
export function useDayWords(now: number): DayWords {
  const { say, locale } = useWords();
  const today = dayOfMoment(now);
  return useMemo(() => {
    const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
    const day = new Intl.DateTimeFormat(locale, { dateStyle: 'full' });
    const before = new Date(`${today}T12:00`);
    before.setDate(before.getDate() - 1);
    const named = new Map([
      [today, say('evidence.today')],
      [dayOfMoment(before.getTime() / 1000), say('evidence.yesterday')],
    ]);
    return {
      times(first, last) {
        const [from, to] = [sayMoment(time, first), sayMoment(time, last)];
        return from === to ? to : say('evidence.between', { from, to });
      },
      heading(at) {
        const full = sayMoment(day, at);
        const title = named.get(dayOfMoment(at));
        return title === undefined ? { title: full } : { title, more: full };
      },
    };
  }, [say, locale, today]);
}
