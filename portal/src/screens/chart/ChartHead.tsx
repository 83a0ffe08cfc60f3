import { useEffect, useMemo, useRef, type ReactNode } from 'react';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { newestOfEach } from '../../../../src/client/records/newestOfEach.ts';
import type { Chart } from '../../../../src/client/index.ts';
import type { ChartItem } from '../../fhir/ArrangedChart.ts';
import type { FhirWord } from '../../fhir/Said.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ChartState } from './ChartReader.ts';
import { personsOf } from './personsOf.ts';

/** Most persons that a warning names. */
const MOST = 5;

/** Properties of `ChartHead`. */
export interface ChartHeadProps {
  readonly chart: Chart;
  readonly state: ChartState;
  /** Name of the contact, if the patient is one. */
  readonly name: string | undefined;
}

/**
 * Shows the patient by the name that the reader gave them and, always in view, the purpose and the end of the right. Records that
 * name another person change nothing in it, but for a warning.
 */
export function ChartHead({ chart, state, name }: ChartHeadProps): ReactNode {
  const words = useWords();
  const { say, moment } = words;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [chart.handle]);
  const { persons } = state.arranged;
  const { own, others, birthsDiffer } = useMemo(() => personsOf(name, persons), [name, persons]);
  const titlesOf = (items: readonly ChartItem[]): readonly string[] => [
    ...new Set(items.map(({ title }) => sayFhir(title, words))),
  ];
  const factsOf = (items: readonly ChartItem[], word: FhirWord): readonly string[] => [
    ...new Set(
      items
        .flatMap(({ facts: told }) => told)
        .filter(({ label }) => typeof label === 'object' && 'word' in label && label.word === word)
        .flatMap(({ values }) => values.map((value) => sayFhir(value, words))),
    ),
  ];
  /** A fact that the records do not agree on is left out. */
  const factOf = (word: FhirWord): string => {
    const [value = '', ...more] = factsOf(own, word);
    return more.length > 0 ? '' : value;
  };
  const withBirth = (item: ChartItem): string => {
    const [born] = factsOf([item], 'fhir.born');
    const called = sayFhir(item.title, words);
    return born === undefined ? called : `${called} (${say('fhir.born')}: ${born})`;
  };
  const [only, ...more] = titlesOf(persons);
  const isNamedByRecords = name === undefined && only !== undefined && more.length === 0;
  const called = name ?? (isNamedByRecords ? only : say('chart.unnamed'));
  const facts = [
    ['fhir.born', factOf('fhir.born')],
    ['fhir.sex', factOf('fhir.sex')],
    ['fhir.died', factOf('fhir.died')],
  ] as const;
  const unopened = state.failures.filter(({ error }) => error.code !== 'RECORD_ERASED');
  const erased = state.failures.length - unopened.length;
  const until = chart.grant?.terms.until;
  const count = newestOfEach(chart.records).length;
  const named = [...new Set(others.map(withBirth))].slice(0, MOST).join('; ');
  return (
    <>
      <header className="chart-head">
        <h1 ref={heading} tabIndex={-1} dir="auto">
          {visibleText(called, 120)}
        </h1>
        <p className="purpose">
          <strong>{say(`common.purpose-${chart.purpose}`)}</strong>
          {until !== undefined && <span>{say('chart.until', { until: moment(until) })}</span>}
        </p>
      </header>
      <p className="person-facts">
        {facts
          .filter(([, value]) => value !== '')
          .map(([word, value]) => (
            <span key={word}>
              {say(word)}: <bdi>{value}</bdi>
            </span>
          ))}
        <span>{say('chart.count', { count })}</span>
        <Button onClick={() => window.print()}>{say('chart.print')}</Button>
      </p>
      {isNamedByRecords && <p>{say('chart.named-by-records')}</p>}
      {others.length > 0 && (
        <Notice
          kind="warn"
          title={say('chart.other-persons', { count: others.length, names: named })}
        />
      )}
      {birthsDiffer && (
        <Notice
          kind="warn"
          title={say('chart.other-births', {
            dates: factsOf(own, 'fhir.born').slice(0, MOST).join(', '),
          })}
        />
      )}
      {state.large.length > 0 && (
        <Notice kind="warn" title={say('chart.large', { count: state.large.length })} />
      )}
      {unopened.length > 0 && (
        <Notice kind="warn" title={say('chart.unopened', { count: unopened.length })} />
      )}
      {erased > 0 && <p>{say('chart.erased', { count: erased })}</p>}
    </>
  );
}
