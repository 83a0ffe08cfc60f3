import type { ReactNode } from 'react';
import type { OrdersOnChart } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `UnreadChart`. */
export interface UnreadChartProps {
  readonly chart: Pick<OrdersOnChart, 'unread' | 'error'>;
  readonly patient: string;
}

/** A chart that cannot be read now, or some records of it, so that orders and results may be missing in the list. */
export function UnreadChart({ chart: { unread, error }, patient }: UnreadChartProps): ReactNode {
  const { say } = useWords();
  const name = visibleText(patient);
  const title =
    error === undefined
      ? say('orders.unread-records', { count: unread.length, patient: name })
      : say('orders.unread-chart', { patient: name });
  return (
    <Notice kind="warn" title={title}>
      {error !== undefined && <Failure error={error} />}
    </Notice>
  );
}
