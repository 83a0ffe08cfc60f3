import type { ReactNode } from 'react';
import { clearAccount, readAccount } from '../../../../src/client/index.ts';
import type { Session } from '../../session/Session.ts';
import { useTask } from '../../session/useTask.ts';
import { Failure } from '../../ui/Failure.tsx';
import { useWords } from '../../words/useWords.tsx';
import { GiveUnitsBack } from './GiveUnitsBack.tsx';
import { SettleStep } from './SettleStep.tsx';
import { useAmount } from './useAmount.ts';

/** Properties of `OwnUnits`. */
export interface OwnUnitsProps {
  readonly session: Session;
  /** Asks again once it changes. */
  readonly after: unknown;
}

/** The balance of the person's own account, for an insurer and for everybody who has one. */
export function OwnUnits({ session, after }: OwnUnitsProps): ReactNode {
  const { say } = useWords();
  const amount = useAmount();
  const { party, role } = session;
  const found = useTask(async () => await readAccount(party), [party, after]);
  if (found.state === 'failed') return <Failure error={found.error} again={found.again} />;
  if (found.state === 'working') return null;
  const { balance, position, debt } = found.value;
  if (role !== 'insurer' && balance === 0 && position === 0 && debt === 0) return null;
  // The next clearing takes some of it.
  const held = debt > 0 ? 0 : balance + Math.min(0, position);
  return (
    <>
      <div className="aside">
        <p>
          <strong>{say('claims.balance', { amount: amount(balance) })}</strong>
        </p>
        {position !== 0 && (
          <SettleStep
            act="clear"
            words={say('claims.position', { amount: amount(position) })}
            run={async () => {
              await clearAccount(party);
              found.again();
            }}
          />
        )}
        {debt !== 0 && <p>{say('claims.debt', { amount: amount(debt) })}</p>}
        <p>{say('claims.units')}</p>
      </div>
      {held > 0 && <GiveUnitsBack session={session} held={held} />}
    </>
  );
}
