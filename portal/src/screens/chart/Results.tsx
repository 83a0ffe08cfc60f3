import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Panel } from '../../fhir/ArrangedChart.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { batchesApart } from '../../session/batchesApart.ts';
import { FirstOf } from '../../ui/FirstOf.tsx';
import { useWords } from '../../words/useWords.tsx';
import { Fold } from './Fold.tsx';
import { ItemList } from './ItemList.tsx';
import { ChartPart } from './ChartPart.tsx';
import type { TabProps } from './TabProps.ts';
import { TrendChart } from './TrendChart.tsx';
import trendLook from '../../ui/Trend.module.css';

/** Trends of vital signs and laboratory values, and the reports that they are from. */
export function Results({ chart, state, covered, printing }: TabProps): ReactNode {
  const words = useWords();
  const { say } = words;
  const { arranged } = state;
  const part = { covered, state } as const;
  const trends = (series: typeof arranged.vitals): ReactNode => (
    <FirstOf items={series} all={printing}>
      {(shown) => (
        <div className={trendLook['trends']}>
          {shown.map((each) => (
            <TrendChart key={each.key} series={each} open={printing} />
          ))}
        </div>
      )}
    </FirstOf>
  );
  const batches = batchesApart(chart);
  return (
    <>
      {batches > 0 && (
        <p>
          <Link href={chart.grant === undefined ? '/readings' : `/readings/${chart.handle}`}>
            {say('records.batches', { count: batches })}
          </Link>
        </p>
      )}
      <ChartPart
        {...part}
        title={say('chart.results')}
        category="laboratory"
        count={arranged.results.length}
      >
        {trends(arranged.results)}
      </ChartPart>
      <ChartPart
        {...part}
        title={say('chart.vitals')}
        category="vitals"
        count={arranged.vitals.length}
      >
        {trends(arranged.vitals)}
      </ChartPart>
      <ChartPart
        {...part}
        title={say('chart.reports')}
        category="reports"
        count={arranged.panels.length}
      >
        <FirstOf items={arranged.panels} all={printing}>
          {(shown) =>
            shown.map((panel, place) => <PanelView key={place} panel={panel} printing={printing} />)
          }
        </FirstOf>
      </ChartPart>
    </>
  );
}

function PanelView({
  panel: { report, results },
  printing,
}: {
  readonly panel: Panel;
  readonly printing: boolean;
}): ReactNode {
  const words = useWords();
  const title = report === undefined ? words.say('chart.no-report') : sayFhir(report.title, words);
  const label = (
    <>
      <strong dir="auto">{title}</strong> ({results.length})
      {report?.when && <span className="when"> {sayFhir(report.when, words)}</span>}
    </>
  );
  return (
    <Fold label={label} printing={printing}>
      {() => (
        <>
          {report !== undefined && (
            <ItemList all={printing} items={[report]} told={['fhir.conclusion', 'fhir.status']} />
          )}
          <ItemList
            all={printing}
            items={results}
            told={['fhir.value', 'fhir.interpretation', 'fhir.range']}
          />
        </>
      )}
    </Fold>
  );
}
