import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { amountsInWords, saidRange } from '../../fhir/amountsInWords.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { List } from '../../ui/List.tsx';
import { Value } from '../../ui/Value.tsx';
import { useWords } from '../../words/useWords.tsx';
import { FlagText } from '../../ui/FlagText.tsx';
import { drawnOf, scaleOf, TrendCurve, trendInWords, type Dated } from '../chart/TrendCurve.tsx';
import { HomePart, type OwnPartProps } from './HomePart.tsx';
import { newestResults, type NewestResult } from './newestResults.ts';
import vitalsListLook from '../chart/VitalsList.module.css';
import trendLook from '../../ui/Trend.module.css';

/** Results that are shown; the chart has the others. */
const MOST = 4;
const [WIDTH, HEIGHT] = [240, 64];
const FRAME = { left: 6, right: 234, top: 7, bottom: 57 };
/** Points of a small drawing, the newest. */
const DRAWN = 24;

/** The newest values that were measured, each with its course. */
export function OwnResults({ own }: OwnPartProps): ReactNode {
  const { say } = useWords();
  const results = newestResults(own.state.arranged, MOST);
  return (
    <HomePart
      own={own}
      wide
      title={say('home.results')}
      category={['laboratory', 'vitals']}
      count={results.length}
      below={
        <p>
          <Link href="/chart/results">{say('home.all-results')}</Link>
        </p>
      }
    >
      <List
        className={vitalsListLook['vitals']}
        lineClass={() => trendLook['trend']}
        items={results}
        keyOf={({ key }) => key}
      >
        {(result) => <ResultCard result={result} />}
      </List>
    </HomePart>
  );
}

function ResultCard({
  result: { title, parts, when, series },
}: {
  readonly result: NewestResult;
}): ReactNode {
  const words = useWords();
  const { say } = words;
  const name = sayFhir(title, words);
  // The value has its unit beside it.
  const ranges = parts.flatMap((part) => saidRange(part, '') ?? []);
  const drawn = drawnOf(series.points).slice(0, DRAWN);
  const values = parts.map(({ amount }) => amount);
  return (
    <>
      <span dir="auto">{name}</span>
      <strong>
        <Value>{amountsInWords(values, words)}</Value>
      </strong>
      {parts.map(({ flag }, place) => (
        <FlagText key={place} flag={flag} />
      ))}
      {ranges.length > 0 && (
        <span className="by">
          {say('fhir.range')}:{' '}
          <Value>{ranges.map((each) => sayFhir(each, words)).join(' / ')}</Value>
        </span>
      )}
      {drawn.length > 1 && <Course points={drawn} title={name} />}
      {when !== undefined && <span className="when">{sayFhir(when, words)}</span>}
    </>
  );
}

function Course({
  points,
  title,
}: {
  readonly points: readonly Dated[];
  readonly title: string;
}): ReactNode {
  const label = trendInWords(points, title, useWords());
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <TrendCurve points={points} scale={scaleOf(points, FRAME)} frame={FRAME} />
    </svg>
  );
}
