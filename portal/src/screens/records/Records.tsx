import { useDeferredValue, useEffect, useMemo, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { ORDINARY_CATEGORIES, type Category } from '../../../../src/protocol/vocabulary.ts';
import { searchTexts } from '../../fhir/searchTexts.ts';
import { batchesApart } from '../../session/batchesApart.ts';
import { ownChart } from '../../session/charts.ts';
import { isReading } from '../../session/isReading.ts';
import { useNames } from '../../session/useNames.ts';
import { useOwnChart, type OwnChart } from '../../session/useOwnChart.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { FirstOf } from '../../ui/FirstOf.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { List } from '../../ui/List.tsx';
import { ListCounted } from '../../ui/ListCounted.tsx';
import { Page } from '../../ui/Page.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { byYear } from './byYear.ts';
import { KindFilter } from './KindFilter.tsx';
import { knownOfRecords, rememberRecords } from './knownOfRecords.ts';
import { lineInWords } from './lineInWords.ts';
import { OpenSensitive } from './OpenSensitive.tsx';
import { kindsOf, recordLines, type KnownOfRecords } from './recordLines.ts';
import { RecordRow } from './RecordRow.tsx';
import recordRowLook from './RecordRow.module.css';
import classes from './Records.module.css';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** The patient's own records by year, the newest first, opened in the background; sensitive ones when the patient asks. */
export function Records({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const { party, handle = '0x' } = session;
  const found = useOwnChart(session, ORDINARY_CATEGORIES, undefined);
  const known = useTask(async () => await knownOfRecords(party, handle), [party, handle]);
  const { again } = found;
  const refresh = (): void => {
    // A chart that did not come is asked for again, and that failure is shown.
    ownChart(session, true).catch(again);
  };
  const what = say('records.reading');
  if (found.state !== 'done') return <Awaiting on={found} what={what} />;
  if (known.state !== 'done') return <Awaiting on={known} what={what} />;
  return <RecordList session={session} own={found.value} known={known.value} onAgain={refresh} />;
}

interface RecordListProps extends Pick<ScreenProps, 'session'> {
  readonly own: OwnChart;
  readonly known: KnownOfRecords;
  /** Asks for the list again. */
  readonly onAgain: () => void;
}

function RecordList({ session, own, known, onAgain }: RecordListProps): ReactNode {
  const words = useWords();
  const { say } = words;
  const { party } = session;
  const { chart, state } = own;
  const [kind, setKind] = useState<Category>();
  const [text, setText] = useState('');
  // Typing must stay quick: the lines may come a moment later.
  const wanted = useDeferredValue(text);
  const lines = useMemo(
    () =>
      recordLines({ chart, state }, known).map((line) => ({
        ...line,
        text: lineInWords(line, words),
      })),
    [chart, state, known, words],
  );
  const index = useMemo(
    () => searchTexts(lines.map((each) => [each, each.text.searched])),
    [lines],
  );
  const isOpen = !isReading(state, ORDINARY_CATEGORIES);
  useEffect(() => {
    if (!isOpen) return;
    // Another screen that names them asks for their titles again.
    rememberRecords(party, { chart, lines, files: state.files }, known).catch(() => undefined);
  }, [party, chart, isOpen, lines, state, known]);
  const nameOf = useNames(
    session,
    lines.map(({ record }) => record.author),
  );
  const shown = index
    .find(wanted)
    .filter((line) => kind === undefined || kindsOf(line).includes(kind));
  const batches = batchesApart(chart);
  const total = new Map(byYear(shown).map(({ year, items }) => [year, items.length]));
  return (
    <Page
      title={say('records.title')}
      lead={say('records.lead', { count: lines.length })}
      act={
        <p className="row">
          {session.acting === undefined && (
            <ButtonLink href="/add" kind="main">
              <Icon name="plus" />
              {say('records.add')}
            </ButtonLink>
          )}
          <Button onClick={onAgain}>{say('common.refresh')}</Button>
        </p>
      }
    >
      <div role="search">
        <TextField
          type="search"
          label={say('records.search')}
          value={text}
          autoComplete="off"
          onChange={setText}
        />
      </div>
      <KindFilter lines={lines} kind={kind} onChoose={setKind} />
      <ListCounted party={party} chart={chart} onAgain={onAgain} />
      <Progress own={own} />
      {batches > 0 && session.acting === undefined && (
        <p>
          <Link href="/readings">{say('records.batches', { count: batches })}</Link>
        </p>
      )}
      {lines.length === 0 && <p>{say('records.none')}</p>}
      <p role="status">{wanted.trim() !== '' && say('chart.found', { count: shown.length })}</p>
      <FirstOf items={shown}>
        {(first) =>
          byYear(first).map(({ year, items }) => (
            <section key={year} aria-labelledby={`year-${year}`}>
              <div className={classes.year}>
                <h2 id={`year-${year}`}>{year}</h2>
                <span className="by">{say('chart.count', { count: total.get(year) ?? 0 })}</span>
              </div>
              <List
                all
                className={classes.lines}
                lineClass={() => recordRowLook.record}
                items={items}
                keyOf={({ record }) => record.record}
              >
                {(line) => (
                  <RecordRow
                    chart={chart}
                    line={line}
                    text={line.text}
                    who={nameOf(line.record.author)}
                    isOwn={line.record.author === party.address}
                    opener={<OpenSensitive session={session} chart={chart} record={line.record} />}
                  />
                )}
              </List>
            </section>
          ))
        }
      </FirstOf>
    </Page>
  );
}

/** Says how far the records are open, and why that stopped. */
function Progress({ own: { state, goOn } }: { readonly own: OwnChart }): ReactNode {
  const { say } = useWords();
  const { left, error } = state;
  const waiting = left.filter(({ category }) => category !== 'sensitive').length;
  const of = state.of - (left.length - waiting);
  const done = of - waiting;
  return (
    <Awaiting
      on={{ busy: isReading(state, ORDINARY_CATEGORIES), error }}
      what={say('home.opened', { done, of })}
      done={of === 0 ? 1 : done / of}
      again={goOn}
    />
  );
}
