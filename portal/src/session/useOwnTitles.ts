import { useEffect } from 'react';
import type { Audit } from '../../../src/client/index.ts';
import { sayFhir } from '../fhir/sayFhir.ts';
import { withoutMarks } from '../words/readingOrder.ts';
import { useWords, type Words } from '../words/useWords.tsx';
import { readerOf, type ChartState } from './ChartReader.ts';
import { releasedOwnChart } from './charts.ts';
import type { Session } from './Session.ts';
import { titleKey } from './titleKey.ts';
import { knownTitles, type Titles } from './titles.ts';
import { useTask } from './useTask.ts';

/** Most titles of resources that make up the title of a record. */
const MOST = 3;

/**
 * Finds the titles of a patient's own records that this device knows, or that the session has opened. Nothing is opened or
 * asked for them.
 *
 * @param session - The patient.
 * @param audit - The newest audit: titles are looked for again as there is a newer one.
 */
export function useOwnTitles(session: Session, audit: Audit | undefined): Titles {
  const words = useWords();
  const { party, handle } = session;
  const found = useTask(async () => {
    if (handle === undefined) return {};
    const chart = await releasedOwnChart(session).catch(() => undefined);
    const opened = chart === undefined ? {} : titlesIn(readerOf(party, chart).state(), words);
    return { ...opened, ...(await knownTitles(party, handle)) };
  }, [session, words]);
  const { again } = found;
  useEffect(again, [audit, again]);
  return found.state === 'done' ? found.value : {};
}

function titlesIn({ arranged, recordOf }: ChartState, words: Words): Titles {
  const titles = new Map<string, Set<string>>();
  for (const { resource, title } of arranged.all) {
    const record = recordOf.get(resource);
    const said = record === undefined ? '' : withoutMarks(sayFhir(title, words));
    if (record === undefined || said === '') continue;
    const ofRecord = titles.get(titleKey(record)) ?? new Set();
    titles.set(titleKey(record), ofRecord.add(said));
  }
  return Object.fromEntries([...titles].map(([key, all]) => [key, firstOf([...all], words)]));
}

function firstOf(titles: readonly string[], { say }: Words): string {
  const text = titles.slice(0, MOST).join(', ');
  const rest = titles.length - MOST;
  return rest > 0 ? withoutMarks(say('records.and-more', { text, count: rest })) : text;
}
