import { useMemo, useState, type ReactNode } from 'react';
import type { ChartDocument } from '../../fhir/ArrangedChart.ts';
import type { FhirWord } from '../../fhir/Said.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { Chip } from '../../ui/Chip.tsx';
import { FirstOf } from '../../ui/FirstOf.tsx';
import { useWords } from '../../words/useWords.tsx';
import { byYear, dayOfYear } from '../records/byYear.ts';
import { measuredInWords } from '../records/measuredInWords.ts';
import { ValuesTold } from '../records/ValuesTold.tsx';
import { ChartPart } from './ChartPart.tsx';
import { DocumentRow, newestIn, type DocumentRowProps } from './DocumentRow.tsx';
import { ItemRow } from './ItemList.tsx';
import { resourceKey } from './resourceKey.ts';
import type { TabProps } from './TabProps.ts';
import {
  TIMELINE_KINDS,
  timelineOf,
  type TimelineEntry,
  type TimelineKind,
} from '../../fhir/timelineOf.ts';
import { List } from '../../ui/List.tsx';
import itemListLook from './ItemList.module.css';
import documentsLook from './Documents.module.css';
import filtersLook from '../../ui/Filters.module.css';

/** Facts that a line tells without being opened, and those beside values that were measured. */
const TOLD: readonly FhirWord[] = ['fhir.value', 'fhir.dose', 'fhir.conclusion', 'fhir.status'];
const BESIDE_VALUES: readonly FhirWord[] = ['fhir.conclusion', 'fhir.status'];

/** Notes, encounters, results, medicines and all else of a chart in one course of time, by year and day. */
export function Timeline(props: TabProps): ReactNode {
  const { state, chart, covered, printing } = props;
  const newest = useMemo(() => newestIn(chart), [chart]);
  const { say, locale } = useWords();
  const [kind, setKind] = useState<TimelineKind>();
  const { entries, undated } = useMemo(() => timelineOf(state.arranged), [state.arranged]);
  const documents = new Map(state.arranged.documents.map((each) => [each.resource, each]));
  const counts = Map.groupBy(entries, (each) => each.kind);
  const shown = kind === undefined ? entries : (counts.get(kind) ?? []);
  return (
    <ChartPart
      title={say('chart.tab-timeline')}
      count={shown.length}
      covered={covered}
      state={state}
    >
      <div className={filtersLook['filters']} role="group" aria-label={say('records.kinds')}>
        {[undefined, ...TIMELINE_KINDS.filter((each) => counts.has(each))].map((each) => (
          <button
            key={each ?? ''}
            type="button"
            className={filtersLook['filter']}
            aria-pressed={kind === each}
            onClick={() => setKind(each)}
          >
            {each === undefined ? say('records.all-kinds') : say(`chart.timeline-${each}`)}{' '}
            <span className="by">
              {each === undefined ? entries.length : counts.get(each)?.length}
            </span>
          </button>
        ))}
      </div>
      {undated > 0 && <p className="hint">{say('chart.timeline-undated', { count: undated })}</p>}
      <FirstOf items={shown} all={printing}>
        {(first) =>
          byYear(first).map(({ year, items }) => (
            <section key={year} aria-labelledby={`timeline-${year}`}>
              <h3 id={`timeline-${year}`}>{year}</h3>
              {[...Map.groupBy(items, ({ when }) => dayOfYear(when, locale))].map(
                ([day, ofDay]) => (
                  <Day key={day} {...props} {...{ day, documents, newest }} entries={ofDay} />
                ),
              )}
            </section>
          ))
        }
      </FirstOf>
    </ChartPart>
  );
}

interface DayProps extends TabProps {
  /** The day and month; empty if only the year is known. */
  readonly day: string;
  readonly entries: readonly TimelineEntry[];
  readonly documents: ReadonlyMap<unknown, ChartDocument>;
  readonly newest: DocumentRowProps['newest'];
}

function Day({ day, entries, documents, ...props }: DayProps): ReactNode {
  const documentOf = ({ item, kind }: TimelineEntry): ChartDocument | undefined =>
    kind === 'notes' ? documents.get(item.resource) : undefined;
  return (
    <>
      {day !== '' && <h4>{day}</h4>}
      <List
        all
        className={itemListLook['items']}
        lineClass={(entry) =>
          documentOf(entry) === undefined ? undefined : documentsLook['document']
        }
        items={entries}
        keyOf={({ item }) => resourceKey(item.resource)}
      >
        {(entry) => {
          const document = documentOf(entry);
          return document === undefined ? (
            <EntryRow entry={entry} />
          ) : (
            <DocumentRow {...props} document={document} />
          );
        }}
      </List>
    </>
  );
}

/** An entry with the values that were measured, and how many of them are out of their range. */
function EntryRow({ entry: { item, results } }: { readonly entry: TimelineEntry }): ReactNode {
  const words = useWords();
  const { values, count, odd } = measuredInWords(results, words);
  if (count === 0) return <ItemRow item={item} told={TOLD} kinds />;
  return (
    <ItemRow
      item={item}
      told={BESIDE_VALUES}
      kinds
      beside={
        <>
          <ValuesTold values={values} count={count} title={sayFhir(item.title, words)} />
          {odd > 0 && (
            <Chip icon="triangle-alert" tone="danger">
              {words.say('records.out-of-range', { count: odd })}
            </Chip>
          )}
        </>
      }
    />
  );
}
