import { useState, type ReactNode } from 'react';
import { useParams } from 'wouter';
import {
  criticalBy,
  openOrder,
  ordersKept,
  unreadLeft,
  type ChartRecord,
  type CriticalBy,
  type OrderRead,
} from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { isFinal, stateOfOrder } from '../../../../src/fhir/orders/taskOfOrder.ts';
import type { Handle, RecordId } from '../../../../src/protocol/ids.ts';
import { describeResource } from '../../fhir/describeResource.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { readPeople } from '../../session/people.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { ResourceCard } from '../../ui/ResourceCard.tsx';
import { useWords } from '../../words/useWords.tsx';
import { usePatientNames } from '../patients/usePatientNames.ts';
import type { ScreenProps } from '../ScreenProps.ts';
import { AnswerOrder } from './AnswerOrder.tsx';
import { ReportView } from './ReportView.tsx';
import { SignOffResults } from './SignOffResults.tsx';
import { WithdrawOrder } from './WithdrawOrder.tsx';

/** An order: what was ordered, its reports, and what this reader does about it. */
export function OrderPage({ session }: ScreenProps): ReactNode {
  const { handle, record } = useParams<{ handle: Handle; record: RecordId }>();
  const words = useWords();
  const { say } = words;
  const { party } = session;
  const found = useTask(async () => {
    const { order, unread } = await openOrder(party, { handle, record });
    const critical = criticalBy(order, await ordersKept(party));
    return { order, unread, critical, people: await readPeople(party) };
  }, [party, handle, record]);
  const order = found.state === 'done' ? found.value.order : undefined;
  const title =
    order?.request === undefined
      ? say('orders.page')
      : sayFhir(describeResource(order.request).title, words);
  return (
    <Page title={title}>
      <Awaiting on={found} what={say('orders.reading')} />
      {found.state === 'done' && (
        <OrderShown
          session={session}
          order={found.value.order}
          unread={found.value.unread}
          critical={found.value.critical}
          people={found.value.people}
          onChanged={found.again}
        />
      )}
    </Page>
  );
}

interface OrderShownProps {
  readonly session: Session;
  readonly order: OrderRead;
  /** Records that may be its reports or results and cannot be read now. */
  readonly unread: readonly ChartRecord[];
  /** By whose word a result is critical that waits for the sign-off. */
  readonly critical: CriticalBy | undefined;
  readonly people: Awaited<ReturnType<typeof readPeople>>;
  readonly onChanged: () => void;
}

function OrderShown(props: OrderShownProps): ReactNode {
  const { session, order, unread, critical, people, onChanged } = props;
  const { say, moment } = useWords();
  const patientName = usePatientNames();
  const [done, setDone] = useState<{ readonly title: string; readonly error?: unknown }>();
  const { title = '', error: untold } = done ?? {};
  const { party, role } = session;
  const { handle, orderer, laboratory, request, at, reports, toSignOff } = order;
  const nameOf = useNames(session, [
    orderer,
    laboratory ?? orderer,
    ...[...reports, ...unread].map(({ author }) => author),
  ]);
  const patient = visibleText(patientName(people, handle));
  const isOwn = orderer === party.address;
  const state = stateOfOrder(order);
  const isOthers = laboratory !== undefined && laboratory !== party.address;
  const isAnswered = reports.some((each) => each.author === party.address && isFinal(each));
  const isOpen = !isOthers && !isAnswered && state !== 'cancelled';
  const mayAnswer = role === 'lab' && isOpen;
  const common = { session, order, patient, nameOf };
  const left = unreadLeft(order, unread);
  const mine = unread.filter(({ author }) => author === party.address);
  const isToSignOff = toSignOff.length > 0 || (left.length > 0 && reports.length > 0);
  const mayWithdraw = isOwn && (state === 'requested' || state === 'in-progress');
  return (
    <>
      {request !== undefined && <ResourceCard described={describeResource(request)} />}
      <p className="by">{say('orders.ordered-by', { who: nameOf(orderer), when: moment(at) })}</p>
      {laboratory !== undefined && (
        <p>
          {say('forms.laboratory')}: {nameOf(laboratory)}
        </p>
      )}
      {state === 'cancelled' && <Notice kind="warn" title={say('orders.withdrawn')} />}
      {role === 'lab' && isOthers && (
        <Notice title={say('orders.for-other', { who: nameOf(laboratory) })} />
      )}
      {done !== undefined && (
        <Notice kind={untold === undefined ? 'good' : 'warn'} title={title}>
          <Failure error={untold} />
        </Notice>
      )}
      {critical === 'letter' && (
        <p className="row">
          <Chip icon="triangle-alert" tone="danger">
            {say('orders.critical-told')}
          </Chip>
        </p>
      )}
      {unread.length > 0 && (
        <Notice kind="warn" title={say('orders.unread-here', { count: unread.length })}>
          {isOwn && left.length > 0 && <p>{say('orders.unread-orderer')}</p>}
          {isOwn && left.length === 0 && <p>{say('orders.unread-named')}</p>}
          <Button onClick={onChanged}>{say('common.refresh')}</Button>
        </Notice>
      )}
      {reports.length === 0 && unread.length === 0 && state !== 'cancelled' && (
        <p>{say('orders.no-reports')}</p>
      )}
      {reports.map((report) => (
        <ReportView key={`${report.record}/${report.version}`} report={report} nameOf={nameOf} />
      ))}
      {isAnswered && <p>{say('orders.answered-by-you')}</p>}
      {mayAnswer && (
        <AnswerOrder
          {...common}
          unread={mine}
          onAnswered={(untold) => {
            const who = nameOf(orderer);
            setDone(
              untold === undefined
                ? { title: say('orders.answered') }
                : { title: say('orders.answered-untold', { who }), error: untold },
            );
            onChanged();
          }}
        />
      )}
      {isOwn && isToSignOff && (
        <SignOffResults
          {...common}
          unread={left}
          onSignedOff={() => {
            setDone({ title: say('orders.signed-off-now') });
            onChanged();
          }}
        />
      )}
      {mayWithdraw && (
        <WithdrawOrder
          {...common}
          onWithdrawn={() => {
            setDone({ title: say('orders.withdrawn-now') });
            onChanged();
          }}
        />
      )}
    </>
  );
}
