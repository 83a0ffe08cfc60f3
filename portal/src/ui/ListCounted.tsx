import { useEffect, useState, type ReactNode } from 'react';
import type { Chart } from '../../../src/client/index.ts';
import { visibleText } from '../../../src/errors/visibleText.ts';
import { countIn } from '../session/charts.ts';
import type { Session } from '../session/Session.ts';
import { useTask } from '../session/useTask.ts';
import { useWords } from '../words/useWords.tsx';
import { Button } from './Button.tsx';
import { Notice } from './Notice.tsx';

/** Properties of `ListCounted`. */
export interface ListCountedProps {
  readonly party: Session['party'];
  readonly chart: Chart;
  /** Asks for the chart again. */
  readonly onAgain: () => void;
}

/**
 * Says whether a chart lists all records that the reader may see, as k coordinators count them. If they count otherwise,
 * the chart is asked for again once: something may have come in between.
 */
export function ListCounted({ party, chart, onAgain }: ListCountedProps): ReactNode {
  const { say } = useWords();
  const count = useTask(async () => await countIn(party, chart), [party, chart]);
  /** The chart whose list differed first. */
  const [first, setFirst] = useState<Chart>();
  const faults = count.state === 'done' ? count.value.faults : [];
  const differs = faults.length > 0;
  const complete = count.state === 'done' && count.value.complete;
  useEffect(() => {
    if (complete) setFirst(undefined);
    if (!differs || first !== undefined) return;
    setFirst(chart);
    onAgain();
  }, [chart, differs, complete, first]);
  const isAskedAgain = differs && (first === undefined || first === chart);
  const again = <Button onClick={onAgain}>{say('common.refresh')}</Button>;
  if (count.state === 'working' || isAskedAgain) {
    return <p role="status">{say('chart.counting')}</p>;
  }
  if (complete) return <p role="status">✓ {say('chart.counted')}</p>;
  if (!differs) {
    return (
      <Notice kind="warn" title={say('chart.uncounted')}>
        {again}
      </Notice>
    );
  }
  return (
    <Notice kind="bad" title={say('chart.miscounted')}>
      <ul>
        {faults.map((fault) => (
          <li key={fault}>{visibleText(fault)}</li>
        ))}
      </ul>
      {again}
    </Notice>
  );
}
