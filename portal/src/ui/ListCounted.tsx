import { useEffect, useState, type ReactNode } from 'react';
import type { Chart } from '../../../src/client/index.ts';
import { visibleText } from '../../../src/errors/visibleText.ts';
import { countIn } from '../session/charts.ts';
import type { Session } from '../session/Session.ts';
import { useTask } from '../session/useTask.ts';
import { useWords } from '../words/useWords.tsx';
import { Button } from './Button.tsx';
import { List } from './List.tsx';
import { Notice } from './Notice.tsx';

/** Properties of `ListCounted`. */
export interface ListCountedProps {
  readonly party: Session['party'];
  readonly chart: Chart;
  /** Another list of the same chart, which is counted too. */
  readonly beside?: Chart;
  /** Asks for the chart again. */
  readonly onAgain: () => void;
  /** Shown once the list is known to be whole. */
  readonly children?: ReactNode;
}

/**
 * Says whether a chart lists all records that the reader may see, as k coordinators count them. If they count otherwise,
 * or not at all, the chart is asked for again once: something may have come in between, or it is minutes old.
 */
export function ListCounted(props: ListCountedProps): ReactNode {
  const { party, chart, beside, onAgain, children } = props;
  const { say } = useWords();
  const count = useTask(async () => {
    const lists = beside === undefined ? [chart] : [chart, beside];
    const counts = await Promise.all(lists.map(async (list) => await countIn(party, list)));
    const faults = counts.flatMap((each) => each.faults);
    return { faults, complete: counts.every(({ complete }) => complete) };
  }, [party, chart, beside]);
  /** The first chart whose list was not confirmed. */
  const [first, setFirst] = useState<Chart>();
  const faults = count.state === 'done' ? count.value.faults : [];
  const differs = faults.length > 0;
  const complete = count.state === 'done' && count.value.complete;
  const isOpen = count.state === 'failed' || (count.state === 'done' && !complete);
  useEffect(() => {
    if (complete) setFirst(undefined);
    if (!isOpen || first !== undefined) return;
    setFirst(chart);
    onAgain();
  }, [chart, isOpen, complete, first]);
  const isAskedAgain = isOpen && (first === undefined || first === chart);
  const again = <Button onClick={onAgain}>{say('common.refresh')}</Button>;
  if (count.state === 'working' || isAskedAgain) {
    return <p role="status">{say('chart.counting')}</p>;
  }
  if (complete) {
    return (
      <>
        <p role="status">✓ {say('chart.counted')}</p>
        {children}
      </>
    );
  }
  if (!differs) {
    return (
      <Notice kind="warn" title={say('chart.uncounted')}>
        {again}
      </Notice>
    );
  }
  return (
    <Notice kind="bad" title={say('chart.miscounted')}>
      <List look="text" items={faults} keyOf={(fault) => fault}>
        {(fault) => visibleText(fault)}
      </List>
      {again}
    </Notice>
  );
}
