import type { ReactNode } from 'react';
import type { InvoiceLineItem } from '@medplum/fhirtypes';
import type { ClaimRead } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { unitsOf } from '../../../../src/fhir/claims/money.ts';
import { partOfRecord } from '../../session/partOfRecord.ts';
import { Notice } from '../../ui/Notice.tsx';
import { OpenedView } from '../../ui/OpenedView.tsx';
import { useWords } from '../../words/useWords.tsx';
import { useAmount } from './useAmount.ts';

/** Properties of `ClaimPapers`. */
export interface ClaimPapersProps {
  readonly read: ClaimRead;
}

/** The bill of a claim line by line, and the records that it rests on, each a tap away. */
export function ClaimPapers({ read }: ClaimPapersProps): ReactNode {
  const { say, moment } = useWords();
  const amount = useAmount();
  const { bill, currency, records, message } = read;
  const others = records.filter(({ record }) => record.category !== 'billing');
  return (
    <>
      <Notice kind="good" title={say('claims.sound', { count: records.length })} />
      <h2>{say('claims.bill')}</h2>
      <ul className="list">
        {(bill.lineItem ?? []).map((line, place) => (
          <li key={place}>
            {visibleText(line.chargeItemCodeableConcept?.text ?? '', 200)}:{' '}
            {amount(unitsOfLine(line, currency), currency)}
          </li>
        ))}
      </ul>
      <p>
        <strong>{say('claims.total', { amount: amount(message.total, currency) })}</strong>
      </p>
      <h2>{say('claims.rests')}</h2>
      <ul className="cards">
        {others.map(({ record, content }) => (
          <li key={record.acknowledgement.entry} className="card">
            <details>
              <summary>
                {say('claims.record', {
                  kind: say(`common.category-${record.category}`),
                  when: moment(record.at),
                })}
              </summary>
              <OpenedView
                opened={{ record, content, ...resourcesIn(content, record) }}
                file={undefined}
              />
            </details>
          </li>
        ))}
      </ul>
    </>
  );
}

function unitsOfLine({ priceComponent = [] }: InvoiceLineItem, currency: string): number {
  return priceComponent.reduce((sum, part) => sum + unitsOf(part.amount, currency), 0);
}

function resourcesIn(
  content: Uint8Array,
  record: ClaimRead['records'][number]['record'],
): { readonly resources?: readonly unknown[] } {
  const part = partOfRecord(content, record);
  if (part === undefined) return {};
  return { resources: part.entries.flatMap(({ resource }) => (resource ? [resource] : [])) };
}
