import { useState, type ReactNode } from 'react';
import {
  criticalBy,
  listOrders,
  ordersKept,
  type OrdersOnChart,
} from '../../../../src/client/index.ts';
import { collectNews, readPeople } from '../../session/people.ts';
import { useNames } from '../../session/useNames.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { List } from '../../ui/List.tsx';
import { Page } from '../../ui/Page.tsx';
import { useWords } from '../../words/useWords.tsx';
import { FormerKeys } from '../home/FormerKeys.tsx';
import { usePatientNames } from '../patients/usePatientNames.ts';
import type { ScreenProps } from '../ScreenProps.ts';
import { byUrgency, type OrderListed } from './byUrgency.ts';
import { OrderLine } from './OrderLine.tsx';
import { UnreadChart } from './UnreadChart.tsx';
import { UnreadOrder } from './UnreadOrder.tsx';
import panelLook from '../../ui/Panel.module.css';

/** Orders that a laboratory has to answer, or a doctor's own with results to sign off, each as its chart has it now. */
export function ToDo({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const patientName = usePatientNames();
  const { party, role } = session;
  const [everywhere, setEverywhere] = useState(false);
  const [soFar, setSoFar] = useState<readonly OrdersOnChart[]>([]);
  const [isReading, setReading] = useState(true);
  const readAll = async () => {
    const { formerKeys } = await collectNews(party);
    const people = await readPeople(party);
    const charts: OrdersOnChart[] = [];
    for await (const each of listOrders(party, everywhere)) {
      charts.push(each);
      setSoFar([...charts]);
    }
    // Only the device knows that a laboratory has no access.
    return { charts, people, formerKeys, kept: await ordersKept(party) };
  };
  const found = useTask(async () => {
    setReading(true);
    return await readAll().finally(() => setReading(false));
  }, [session, everywhere]);
  const done = found.state === 'done' ? found.value : undefined;
  const charts = done?.charts ?? soFar;
  const listed = charts.flatMap(({ orders, kept }) =>
    orders.map((order): OrderListed => ({ order, critical: criticalBy(order, kept) })),
  );
  const parties = charts.flatMap(({ kept }) => kept.map(({ orderer }) => orderer));
  const nameOf = useNames(session, [
    ...parties,
    ...listed.flatMap(({ order: { orderer, laboratory = orderer } }) => [orderer, laboratory]),
  ]);
  const unread = charts.flatMap(({ kept, waiting, error }) => {
    return (error === undefined ? waiting : kept).map((order) => ({ order, error }));
  });
  const patientOf = (handle: string): string => patientName(done?.people ?? [], handle);
  const isLaboratory = role === 'lab';
  const sorted = listed.toSorted(byUrgency);
  const part = (title: string, some: readonly OrderListed[]): ReactNode =>
    some.length > 0 && (
      <section>
        <h2>
          {title} ({some.length})
        </h2>
        <List look="own" items={some} keyOf={({ order }) => `${order.handle}/${order.record}`}>
          {(each) => (
            <OrderLine
              listed={each}
              patient={patientOf(each.order.handle)}
              nameOf={nameOf}
              unreadable={
                !isLaboratory &&
                (done?.kept.some(
                  ({ record, unreadable }) => record === each.order.record && unreadable === true,
                ) ??
                  false)
              }
            />
          )}
        </List>
      </section>
    );
  const unreadPart = (title: string, some: typeof unread): ReactNode =>
    some.length > 0 && (
      <section>
        <h2>
          {title} ({some.length})
        </h2>
        <List look="own" items={some} keyOf={({ order }) => `${order.handle}/${order.record}`}>
          {({ order, error }) => (
            <UnreadOrder
              session={session}
              order={order}
              patient={patientOf(order.handle)}
              who={nameOf(order.orderer)}
              error={error}
              onTold={found.again}
            />
          )}
        </List>
      </section>
    );
  const unreadCharts = charts.filter((each) => {
    return each.unread.length > 0 || (each.error !== undefined && each.kept.length === 0);
  });
  const isAll = unread.length === 0 && unreadCharts.length === 0;
  const isNone = done !== undefined && listed.length === 0 && isAll;
  return (
    <Page
      title={say('orders.title')}
      lead={say(isLaboratory ? 'orders.lead-lab' : 'orders.lead-doctor')}
    >
      <p className="row">
        <Button busy={isReading} onClick={found.again}>
          {say('common.refresh')}
        </Button>
      </p>
      <Awaiting
        on={{ busy: isReading, ...(found.state === 'failed' && { error: found.error }) }}
        what={say('orders.reading')}
        again={found.again}
      />
      {done !== undefined && <FormerKeys session={session} senders={done.formerKeys} />}
      {isNone && <p>{say('orders.none')}</p>}
      {unreadCharts.map((each) => (
        <UnreadChart key={each.handle} chart={each} patient={patientOf(each.handle)} />
      ))}
      {unreadPart(
        say('orders.critical-unread'),
        unread.filter(({ order }) => order.critical === true),
      )}
      {isLaboratory ? (
        part(say('orders.to-answer'), sorted)
      ) : (
        <>
          {part(say('orders.to-sign-off'), sorted.filter(waits))}
          {part(
            say('orders.waiting'),
            sorted.filter((each) => !waits(each)),
          )}
        </>
      )}
      {unreadPart(
        say('orders.unread'),
        unread.filter(({ order }) => order.critical !== true),
      )}
      {!everywhere && done !== undefined && (
        <details className={panelLook['aside']}>
          <summary>{say('orders.everywhere')}</summary>
          <p>{say('orders.everywhere-means')}</p>
          <p className="row">
            <Button onClick={() => setEverywhere(true)}>{say('orders.everywhere')}</Button>
          </p>
        </details>
      )}
    </Page>
  );
}

/** Tells whether an order waits for its doctor: a critical result that only a letter told of does too. */
function waits({ order, critical }: OrderListed): boolean {
  return order.toSignOff.length > 0 || critical !== undefined;
}
