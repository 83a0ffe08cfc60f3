import { useEffect, useRef, type ReactNode } from 'react';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { newestOfEach } from '../../../../src/client/records/newestOfEach.ts';
import type { Chart } from '../../../../src/client/index.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ChartState } from './ChartReader.ts';

/** Properties of `ChartHead`. */
export interface ChartHeadProps {
  readonly chart: Chart;
  readonly state: ChartState;
  /** Name of the contact, if the patient is one. */
  readonly name: string | undefined;
}

/** Shows the patient and, always in view, the purpose and the end of the right. */
export function ChartHead({ chart, state, name }: ChartHeadProps): ReactNode {
  const words = useWords();
  const { say, moment } = words;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [chart.handle]);
  const { person } = state.arranged;
  const factOf = (word: string): string =>
    (person?.facts ?? [])
      .filter(({ label }) => typeof label === 'object' && 'word' in label && label.word === word)
      .flatMap(({ values }) => values.map((value) => sayFhir(value, words)))
      .slice(0, 1)
      .join();
  const called =
    person === undefined ? (name ?? say('chart.unnamed')) : sayFhir(person.title, words);
  const facts = [
    ['fhir.born', factOf('fhir.born')],
    ['fhir.sex', factOf('fhir.sex')],
    ['fhir.died', factOf('fhir.died')],
  ] as const;
  const until = chart.grant?.terms.until;
  const count = newestOfEach(chart.records).length;
  const names = new Set(state.arranged.persons.map(({ title }) => sayFhir(title, words)));
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
      {names.size > 1 && (
        <Notice
          kind="warn"
          title={say('chart.several-persons', { names: [...names].slice(0, 5).join(', ') })}
        />
      )}
      {state.large.length > 0 && (
        <Notice kind="warn" title={say('chart.large', { count: state.large.length })} />
      )}
      {state.failures.length > 0 && (
        <Notice kind="warn" title={say('chart.unopened', { count: state.failures.length })} />
      )}
    </>
  );
}
