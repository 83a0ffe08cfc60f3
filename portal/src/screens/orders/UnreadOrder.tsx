import type { ReactNode } from 'react';
import { tellUnreadable, type OrderKept } from '../../../../src/client/index.ts';
import { isMedsealError } from '../../../../src/errors/isMedsealError.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import type { Session } from '../../session/Session.ts';
import { useRun } from '../../session/useRun.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { useWords } from '../../words/useWords.tsx';
import cardLook from '../../ui/Card.module.css';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** Properties of `UnreadOrder`. */
export interface UnreadOrderProps {
  readonly session: Session;
  readonly order: OrderKept;
  readonly patient: string;
  /** The person who ordered. */
  readonly who: string;
  /** Why it cannot be read; undefined if its entry is on its way. */
  readonly error: unknown;
  readonly onTold: () => void;
}

/** An order that a letter told of and that cannot be read: what to do about it. Nobody is given anything here. */
export function UnreadOrder(props: UnreadOrderProps): ReactNode {
  const { session, order, patient, who, error, onTold } = props;
  const { say, moment } = useWords();
  const telling = useRun();
  const { handle, at, orderer, unreadable = false, critical = false } = order;
  const isOver = isMedsealError(error, 'RIGHT_ENDED');
  const lacksAccess = isOver || isMedsealError(error, 'RIGHT_MISSING');
  const isOthers = orderer !== session.party.address;
  return (
    <div className={cardLook['card']}>
      <strong>{say('orders.order-of', { who, when: moment(at) })}</strong>
      <span>{say('orders.for', { patient: visibleText(patient) })}</span>
      {critical && (
        <Chip icon="triangle-alert" tone="danger">
          {say('orders.critical-told')}
        </Chip>
      )}
      {error === undefined && <p>{say('orders.not-here')}</p>}
      {!lacksAccess && <Failure error={error} />}
      {lacksAccess && (
        <>
          <p>{say(isOver ? 'orders.access-over' : 'orders.no-access')}</p>
          <p className="row">
            <ButtonLink href={`/ask/${handle}`}>{say('orders.ask')}</ButtonLink>
            {isOthers && !unreadable && (
              <Button
                busy={telling.busy}
                onClick={() =>
                  telling.start(async () => {
                    await tellUnreadable(session.party, order);
                    onTold();
                  })
                }
              >
                {say('orders.tell-no-access', { who })}
              </Button>
            )}
          </p>
          {isOthers && unreadable && <p>{say('orders.no-access-told', { who })}</p>}
          <Awaiting on={telling} />
        </>
      )}
    </div>
  );
}
