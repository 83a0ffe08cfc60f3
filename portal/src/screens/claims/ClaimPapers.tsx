import type { ReactNode } from 'react';
import type { InvoiceLineItem } from '@medplum/fhirtypes';
import type { ClaimRead, Party } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { unitsOf } from '../../../../src/fhir/claims/money.ts';
import { openedFrom } from '../../session/openRecord.ts';
import { useTask } from '../../session/useTask.ts';
import { Notice } from '../../ui/Notice.tsx';
import { OpenedView } from '../../ui/OpenedView.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { List } from '../../ui/List.tsx';
import { useWords } from '../../words/useWords.tsx';
import { useAmount } from './useAmount.ts';

/** Properties of `ClaimPapers`. */
export interface ClaimPapersProps {
  readonly party: Party;
  readonly read: ClaimRead;
}

/** The bill of a claim line by line, and the records that it rests on, each a tap away. */
export function ClaimPapers({ party, read }: ClaimPapersProps): ReactNode {
  const { say, moment } = useWords();
  const amount = useAmount();
  const { bill, currency, records, message } = read;
  const others = records.filter(({ record }) => record.category !== 'billing');
  return (
    <>
      <Notice kind="good" title={say('claims.sound', { count: records.length })} />
      <h2>{say('claims.bill')}</h2>
      <List all look="list" items={bill.lineItem ?? []} keyOf={(_, place) => place}>
        {(line) => (
          <>
            {visibleText(line.chargeItemCodeableConcept?.text ?? '', 200)}:{' '}
            {amount(unitsOfLine(line, currency), currency)}
          </>
        )}
      </List>
      <p>
        <strong>{say('claims.total', { amount: amount(message.total, currency) })}</strong>
      </p>
      <h2>{say('claims.rests')}</h2>
      <List items={others} keyOf={(paper) => paper.record.acknowledgement.entry}>
        {(paper) => (
          <details>
            <summary>
              {say('claims.record', {
                kind: say(`common.category-${paper.record.category}`),
                when: moment(paper.record.at),
              })}
            </summary>
            <Paper party={party} read={read} paper={paper} />
          </details>
        )}
      </List>
    </>
  );
}

function unitsOfLine({ priceComponent = [] }: InvoiceLineItem, currency: string): number {
  return priceComponent.reduce((sum, part) => sum + unitsOf(part.amount, currency), 0);
}

interface PaperProps extends ClaimPapersProps {
  readonly paper: ClaimRead['records'][number];
}

function Paper({ party, read, paper: { record, content } }: PaperProps): ReactNode {
  const { say } = useWords();
  const { handle } = read.message.terms;
  const found = useTask(
    async () => await openedFrom(party, { handle, records: [record] }, record, content),
    [party, record],
  );
  if (found.state !== 'done') return <Awaiting on={found} what={say('records.opening-one')} />;
  return <OpenedView opened={found.value} file={undefined} />;
}
