import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { isErasedIn, type Chart, newestOfEach } from '../../../../src/client/index.ts';
import type { Clock } from '../../../../src/protocol/Clock.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import type { ChartItem } from '../../fhir/ArrangedChart.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';
import { factsOf, personShown } from '../patient/personShown.ts';
import { useRightOnBanner } from '../patient/rightOnBanner.ts';
import type { ChartState } from '../../session/ChartReader.ts';
import classes from './ChartHead.module.css';

/** Most persons that a warning names. */
const MOST = 5;

/** Properties of `ChartHead`. */
export interface ChartHeadProps {
  readonly chart: Chart;
  readonly clock: Clock;
  readonly state: ChartState;
  /** Name of the contact, if the patient is one. */
  readonly name: string | undefined;
}

/**
 * Has the patient's banner name the right by which the chart is read, and warns of what is wrong with the chart. Records that name
 * another person change nothing but for a warning.
 */
export function ChartHead({ chart, clock, state, name }: ChartHeadProps): ReactNode {
  const words = useWords();
  const { say } = words;
  const heading = useRef<HTMLHeadingElement>(null);
  useRightOnBanner(chart);
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), [chart.handle]);
  const { others, own, birthsDiffer, isNamedByRecords } = personShown(
    name,
    state.arranged.persons,
    words,
    clock.now(),
  );
  const withBirth = (item: ChartItem): string => {
    const [born] = factsOf([item], 'fhir.born', words);
    const called = sayFhir(item.title, words);
    return born === undefined ? called : `${called} (${say('fhir.born')}: ${born})`;
  };
  const unopened = state.failures.filter(({ record }) => !isErasedIn(chart, record));
  const erased = state.failures.length - unopened.length;
  const count = newestOfEach(chart.records).filter(({ about }) => about === ZERO32).length;
  const named = [...new Set(others.map(withBirth))].slice(0, MOST).join('; ');
  return (
    <>
      <div className={classes['chart-head']}>
        <h1 ref={heading} tabIndex={-1}>
          {say('chart.heading')}
        </h1>
        <span>{say('chart.count', { count })}</span>
        <Button onClick={() => window.print()}>{say('chart.print')}</Button>
      </div>
      {isNamedByRecords && chart.grant !== undefined && <p>{say('chart.named-by-records')}</p>}
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
            dates: factsOf(own, 'fhir.born', words).slice(0, MOST).join(', '),
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
