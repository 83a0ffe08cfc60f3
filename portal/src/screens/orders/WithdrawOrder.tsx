import type { ReactNode } from 'react';
import { withdrawOrder, type OrderRead } from '../../../../src/client/index.ts';
import { describeResource } from '../../fhir/describeResource.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { ResourceCard } from '../../ui/ResourceCard.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { useWords } from '../../words/useWords.tsx';

const withdraw = afterReview(withdrawOrder);

/** Properties of `WithdrawOrder`. */
export interface WithdrawOrderProps {
  readonly session: Session;
  readonly order: OrderRead;
  readonly patient: string;
  readonly onWithdrawn: () => void;
}

/** Withdraws an order, as whoever ordered: its words once more, and what follows. */
export function WithdrawOrder(props: WithdrawOrderProps): ReactNode {
  const { session, order, patient, onWithdrawn } = props;
  const { handle, record, request } = order;
  const { say } = useWords();
  return (
    <SignSheet
      session={session}
      wanted={[{ handle, record }]}
      others={{ charts: [handle], isEnd: true }}
      opens={say('orders.withdraw')}
      act={say('orders.withdraw-sign', { patient })}
      isDanger
      waits={say('orders.withdrawing')}
      run={async (reviewed) => {
        await withdraw(session.party, reviewed);
        onWithdrawn();
      }}
    >
      <ResourceCard described={describeResource(request)} />
      <p>{say('orders.withdraw-says')}</p>
    </SignSheet>
  );
}
