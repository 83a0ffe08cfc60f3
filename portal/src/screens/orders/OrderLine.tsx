import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { fieldOf } from '../../../../src/fhir/fieldOf.ts';
import { stateOfOrder } from '../../../../src/fhir/orders/taskOfOrder.ts';
import { codeWord } from '../../fhir/codeWords.ts';
import { describeResource } from '../../fhir/describeResource.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import type { NameOf } from '../../session/useNames.ts';
import { Chip } from '../../ui/Chip.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { OrderListed } from './byUrgency.ts';
import cardLook from '../../ui/Card.module.css';
import { StateText } from '../../ui/StateText.tsx';

/** Properties of `OrderLine`. */
export interface OrderLineProps {
  readonly listed: OrderListed;
  /** Name of the patient, for the reader. */
  readonly patient: string;
  readonly nameOf: NameOf;
  /** True if the laboratory says that it has no access. */
  readonly unreadable: boolean;
}

/** An order in a list, which leads to its page: what, for whom, who and when, and how far it is. */
export function OrderLine({ listed, patient, nameOf, unreadable }: OrderLineProps): ReactNode {
  const words = useWords();
  const { say, moment } = words;
  const { order, critical } = listed;
  const { handle, record, orderer, laboratory, request, at } = order;
  const { title } = describeResource(request);
  const priority = fieldOf(request, 'priority');
  const pressing = typeof priority === 'string' && priority !== 'routine' ? priority : '';
  const word = codeWord('', pressing);
  const state = stateOfOrder(order);
  return (
    <>
      <Link href={`/orders/${handle}/${record}`} className={cardLook['card']}>
        <strong dir="auto">{sayFhir(title, words)}</strong>
        <span>{say('orders.for', { patient: visibleText(patient) })}</span>
        {critical !== undefined && (
          <Chip icon="triangle-alert" tone="danger">
            {say(critical === 'chart' ? 'orders.critical' : 'orders.critical-told')}
          </Chip>
        )}
        {word !== undefined && <Chip icon="circle-alert">{say(word)}</Chip>}
        <StateText>{say(`orders.state-${state}`)}</StateText>
        <span className="by">
          {say('orders.ordered-by', { who: nameOf(orderer), when: moment(at) })}
        </span>
      </Link>
      {unreadable && laboratory !== undefined && (
        <Notice kind="warn" title={say('orders.laboratory-cannot', { who: nameOf(laboratory) })} />
      )}
    </>
  );
}
