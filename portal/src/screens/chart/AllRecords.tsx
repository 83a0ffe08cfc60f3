import { useDeferredValue, useMemo, useState, type ReactNode } from 'react';
import {
  attachedTo,
  type ChartRecord,
  newestOfEach,
  readMistakes,
} from '../../../../src/client/index.ts';
import type { ChartItem } from '../../fhir/ArrangedChart.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { searchIn } from '../../fhir/searchIn.ts';
import { Corrections } from '../../messages/Corrections.tsx';
import { useNames } from '../../session/useNames.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { List } from '../../ui/List.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { withoutObjections } from '../../session/withoutObjections.ts';
import { sayCode } from '../../words/sayCode.ts';
import { useWords } from '../../words/useWords.tsx';
import { byClinicalDate } from '../records/byClinicalDate.ts';
import { ItemList } from './ItemList.tsx';
import { isOwnEntry, ChartRow } from './ChartRow.tsx';
import type { TabProps } from './TabProps.ts';
import chartRowLook from './ChartRow.module.css';
import itemListLook from './ItemList.module.css';

/** Rows that are drawn before somebody asks for more. */
const FIRST = 60;
/** Titles that a row names. */
const TITLES = 3;

/** Most dates of a record that are compared. */
const MOST_DATES = 10_000;

/** Every record of the chart by its clinical date, whatever another one says of it, and the search over all that was opened. */
export function AllRecords({
  party,
  chart,
  state,
  printing,
  onOpened,
  session,
  onAmended,
}: TabProps & { readonly onAmended: () => void }): ReactNode {
  const words = useWords();
  const { say, moment } = words;
  const [text, setText] = useState('');
  const [most, setMost] = useState(FIRST);
  const [isAmended, setAmended] = useState(false);
  // Typing must stay quick: the results may come a moment later.
  const wanted = useDeferredValue(text);
  const { arranged, finished, resourcesIn, failures } = state;
  const index = useMemo(() => searchIn(arranged.all, words), [arranged, words]);
  const found = useMemo(() => index.find(wanted), [index, wanted]);
  const itemOf = useMemo(
    () => new Map(arranged.all.map((item) => [item.resource, item])),
    [arranged],
  );
  // Rows do not move while somebody reads them: their own dates count once all are known.
  const listed = useMemo(
    () =>
      byClinicalDate(withoutObjections(newestOfEach(chart.records)), (record) => {
        if (!finished) return undefined;
        const dates = (resourcesIn.get(record) ?? []).flatMap(
          (resource) => itemOf.get(resource)?.when?.at ?? [],
        );
        return dates.length === 0 ? undefined : Math.max(...dates.slice(0, MOST_DATES));
      }),
    [chart, finished, resourcesIn, itemOf],
  );
  const shown = printing ? listed : listed.slice(0, most);
  const nameOf = useNames(
    session,
    shown.map(({ author }) => author),
  );
  const known = useTask(async () => await readMistakes(party), [party, chart]);
  // The patient told this reader, who opened a former version.
  const corrected = new Set(
    (known.state === 'done' ? known.value : [])
      .filter(({ topic, to }) => topic === 'correction' && to === party.address)
      .map(({ about }) => about.record),
  );
  const byLine = ({ at, author, record }: ChartRecord): string => {
    const when = moment(at);
    if (author === party.address) return say('chart.by-you', { when });
    const by = say('records.by', { when, who: nameOf(author) });
    return corrected.has(record) ? `${by} · ${say('mistakes.topic-correction')}` : by;
  };
  const whyNot = new Map(failures.map(({ record, error }) => [record, error]));
  const itemsIn = (record: ChartRecord): readonly ChartItem[] =>
    (resourcesIn.get(record) ?? []).flatMap((resource) => itemOf.get(resource) ?? []);
  const withFile = (record: ChartRecord): readonly ChartRecord[] => {
    const entries = (resourcesIn.get(record) ?? []).map((resource) => ({ resource }));
    const file = attachedTo(chart, { entries } as Parameters<typeof attachedTo>[1], record);
    return file === undefined ? [record] : [record, file];
  };
  const titleOf = (record: ChartRecord): string => {
    const error = whyNot.get(record);
    if (error !== undefined) return sayCode(words, error.code) ?? error.message;
    const resources = resourcesIn.get(record);
    const document = state.files.get(record.record);
    if (document !== undefined && !resources?.length) {
      return say('chart.file-of', { title: titlesIn(document) });
    }
    if (resources === undefined) return say('chart.not-opened');
    return titlesIn(record);
  };
  const titlesIn = (record: ChartRecord): string => {
    const titles = [
      ...new Set(
        itemsIn(record)
          .filter(isOwnEntry)
          .map(({ title }) => sayFhir(title, words)),
      ),
    ];
    if (titles.length === 0) return say('records.file');
    const first = titles.slice(0, TITLES).join(', ');
    const rest = titles.length - TITLES;
    return rest > 0 ? say('records.and-more', { text: first, count: rest }) : first;
  };
  return (
    <section aria-label={say('chart.all')}>
      <Corrections {...{ session, chart }} onChanged={onAmended} />
      <div role="search">
        <TextField
          type="search"
          label={say('chart.search')}
          {...(!finished && { hint: say('chart.search-some', { done: state.done, of: state.of }) })}
          value={text}
          autoComplete="off"
          spellCheck={false}
          onChange={setText}
        />
      </div>
      {wanted.trim() !== '' ? (
        <>
          <p role="status">{say('chart.found', { count: found.length })}</p>
          <ItemList kinds items={found} told={['fhir.value', 'fhir.status']} all={printing} />
        </>
      ) : (
        <>
          {isAmended && <Notice kind="good" title={say('chart.amended')} />}
          <List
            all
            className={itemListLook['items']}
            lineClass={() => chartRowLook['entry']}
            items={shown}
            keyOf={({ record }) => record}
          >
            {(record) => (
              <ChartRow
                {...{ session, chart, record, onOpened }}
                items={itemsIn(record)}
                title={titleOf(record)}
                by={byLine(record)}
                keeps={whyNot.has(record) ? [] : withFile(record)}
                onAmended={() => {
                  setAmended(true);
                  onAmended();
                }}
              />
            )}
          </List>
          {shown.length < listed.length && (
            <Button onClick={() => setMost(most + 200)}>
              {say('chart.show-more', { count: listed.length - shown.length })}
            </Button>
          )}
        </>
      )}
    </section>
  );
}
