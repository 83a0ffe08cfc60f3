import { useRef, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import {
  isErasedIn,
  readRecords,
  type ChartRecord,
  newestOfEach,
} from '../../../../src/client/index.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { ownChart } from '../../session/charts.ts';
import { keepDates, knownDates, type ClinicalDates } from '../../session/clinicalDates.ts';
import { openedFrom } from '../../session/openRecord.ts';
import { knownTitles, keepTitles, titleKey, type Titles } from '../../session/titles.ts';
import { useNames } from '../../session/useNames.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Objected, withoutObjections } from '../../ui/Objected.tsx';
import { ListCounted } from '../../ui/ListCounted.tsx';
import { Page } from '../../ui/Page.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { byClinicalDate } from './byClinicalDate.ts';
import { datesOfOpened } from './datesOfOpened.ts';
import { titlesOfOpened, type TitledRecord } from './titlesOfOpened.ts';

/** The patient's own records by kind and clinical date, the newest first. */
export function Records({ session }: ScreenProps): ReactNode {
  const words = useWords();
  const { say, moment } = words;
  const { party } = session;
  const [opened, setOpened] = useState<Titles>({});
  const [dated, setDated] = useState<ClinicalDates>({});
  const [kind, setKind] = useState('');
  const opening = useRun();
  const [progress, setProgress] = useState({ done: 0, of: 0 });
  const fresh = useRef(false);
  const found = useTask(async () => {
    const asksAgain = fresh.current;
    fresh.current = false;
    const chart = await ownChart(session, asksAgain);
    const titles = await knownTitles(party, chart.handle);
    const dates = await knownDates(party, chart.handle);
    const records = chart.records.filter(({ readings }) => readings === undefined);
    const batches = chart.records.length - records.length;
    return { chart, titles, dates, batches, all: withoutObjections(newestOfEach(records)) };
  }, [session]);
  const all = found.state === 'done' ? found.value.all : [];
  const nameOf = useNames(
    session,
    all.map(({ author }) => author),
  );
  if (found.state === 'working') return <Pending what={say('records.reading')} />;
  if (found.state === 'failed') return <Failure error={found.error} again={found.again} />;
  const { chart, batches } = found.value;
  const titles = { ...found.value.titles, ...opened };
  const dates = { ...found.value.dates, ...dated };
  const records = byClinicalDate(all, (record) => dates[titleKey(record)]?.at);
  const kinds = [...new Set(records.map(({ category }) => category))].toSorted();
  const shown = kind === '' ? records : records.filter(({ category }) => category === kind);
  const files = new Set(Object.keys(titles).filter((key) => titles[key] === ''));
  const unopened = shown.filter((record) => titles[titleKey(record)] === undefined);
  const refresh = (): void => {
    fresh.current = true;
    found.again();
  };
  const openAll = (): void =>
    opening.start(async () => {
      setProgress({ done: 0, of: unopened.length });
      const read: TitledRecord[] = [];
      const gone: Record<string, string> = {};
      let done = 0;
      for await (const result of readRecords(party, chart, unopened)) {
        done += 1;
        setProgress({ done, of: unopened.length });
        if ('error' in result) {
          if (isErasedIn(chart, result.record))
            gone[titleKey(result.record)] = say('records.erased');
          continue;
        }
        const { record, content } = result;
        const { content: _large, ...each } = await openedFrom(party, chart, record, content);
        read.push(each);
      }
      const added = { ...titlesOfOpened(words, read), ...gone };
      const when = datesOfOpened(read);
      await keepDates(party, chart.handle, when);
      setDated((before) => ({ ...before, ...when }));
      await keepTitles(party, chart.handle, added);
      setOpened((before) => ({ ...before, ...added }));
    });
  return (
    <Page title={say('records.title')} lead={say('records.lead')}>
      <p className="row">
        <Link href="/add" className="button main">
          {say('records.add')}
        </Link>
        <Button onClick={refresh}>{say('common.refresh')}</Button>
      </p>
      <ListCounted party={party} chart={chart} onAgain={refresh} />
      {batches > 0 && (
        <p>
          <Link href="/readings">{say('records.batches', { count: batches })}</Link>
        </p>
      )}
      {records.length === 0 && <p>{say('records.none')}</p>}
      {kinds.length > 1 && (
        <div className="filters" role="group" aria-label={say('records.kinds')}>
          {['', ...kinds].map((each) => (
            <button
              key={each}
              type="button"
              className="filter"
              aria-pressed={kind === each}
              onClick={() => setKind(each)}
            >
              {each === ''
                ? say('records.all-kinds')
                : say(`common.category-${each as ChartRecord['category']}`)}
            </button>
          ))}
        </div>
      )}
      {unopened.length > 0 && (
        <div className="aside">
          <p>{say('records.unopened', { count: unopened.length })}</p>
          {opening.busy ? (
            <Pending
              what={say('records.opening', progress)}
              done={progress.of === 0 ? 0 : progress.done / progress.of}
            />
          ) : (
            <Button onClick={openAll}>{say('records.open-all')}</Button>
          )}
          {opening.error !== undefined && <Failure error={opening.error} again={openAll} />}
        </div>
      )}
      <ul className="cards">
        {shown
          .filter((record) => !files.has(titleKey(record)))
          .map((record) => (
            <li key={record.record}>
              <Link href={`/records/${record.record}`} className="card">
                <span className="kind">{say(`common.category-${record.category}`)}</span>
                <strong>{titles[titleKey(record)] ?? say('records.untitled')}</strong>
                <Objected chart={chart} record={record} />
                {dates[titleKey(record)] !== undefined && (
                  <span className="when">{sayFhir(dates[titleKey(record)] ?? '', words)}</span>
                )}
                <span className="by">
                  {say('records.by', {
                    when: moment(record.at),
                    who: nameOf(record.author),
                    own: record.author === party.address ? 'yes' : 'no',
                  })}
                </span>
              </Link>
            </li>
          ))}
      </ul>
    </Page>
  );
}
