import type { ReactNode } from 'react';
import type { OrderReport } from '../../../../src/client/index.ts';
import type { NameOf } from '../../session/useNames.ts';
import { Chip } from '../../ui/Chip.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ReportWords } from './ReportWords.tsx';
import resourceCardLook from '../../ui/ResourceCard.module.css';

/** Properties of `ReportView`. */
export interface ReportViewProps {
  readonly report: OrderReport;
  readonly nameOf: NameOf;
}

/** A report of an order: who wrote it, its values, what they mean, and whether they were signed off. */
export function ReportView({ report: read, nameOf }: ReportViewProps): ReactNode {
  const { say, moment } = useWords();
  const { author, at, report, results, unseen, critical, signedOff } = read;
  return (
    <article className={resourceCardLook['resource']}>
      <h2>{say('orders.report-of', { who: nameOf(author), when: moment(at) })}</h2>
      <p className="row">
        {critical && (
          <Chip icon="triangle-alert" tone="danger">
            {say('orders.critical')}
          </Chip>
        )}
        <span>{say(signedOff ? 'orders.signed-off' : 'orders.not-signed-off')}</span>
      </p>
      <ReportWords report={report} results={results} unseen={unseen} />
    </article>
  );
}
