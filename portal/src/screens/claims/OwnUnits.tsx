import type { ReactNode } from 'react';
import {
  claimAccounts,
  clearAccount,
  readAccount,
  type ClaimAccount,
} from '../../../../src/client/index.ts';
import type { AccountFacts } from '../../../../src/protocol/claims.ts';
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

/** The balances of the person's accounts: an insurer's own, and those that claims paid to the person. */
export function OwnUnits({ session, after }: OwnUnitsProps): ReactNode {
  const { party, role } = session;
  const found = useTask(async () => {
    const own = { account: undefined, facts: await readAccount(party) };
    const paid = (await claimAccounts(party)).map(async (account) => {
      return { account, facts: await readAccount(party, account.address) };
    });
    return [own, ...(await Promise.all(paid))];
  }, [party, after]);
  if (found.state === 'failed') return <Failure error={found.error} again={found.again} />;
  if (found.state === 'working') return null;
  const shown = found.value.filter(({ account, facts: { balance, position, debt } }) => {
    const isUsed = balance !== 0 || position !== 0 || debt !== 0;
    return isUsed || (role === 'insurer' && account === undefined);
  });
  return (
    <>
      {shown.map(({ account, facts }) => (
        <Units
          key={account?.address ?? ''}
          session={session}
          account={account}
          facts={facts}
          onDone={found.again}
        />
      ))}
    </>
  );
}

interface UnitsProps {
  readonly session: Session;
  /** The account of a claim; the person's own if undefined. */
  readonly account: ClaimAccount | undefined;
  readonly facts: AccountFacts;
  readonly onDone: () => void;
}

/** The balance of one account, and what can be done with it. */
function Units({ session, account, facts, onDone }: UnitsProps): ReactNode {
  const { say } = useWords();
  const amount = useAmount();
  const { balance, position, debt } = facts;
  // The next clearing takes some of it.
  const held = debt > 0 ? 0 : balance + Math.min(0, position);
  return (
    <>
      <div className="aside">
        <p>
          <strong>
            {say(account === undefined ? 'claims.balance' : 'claims.balance-of-claim', {
              amount: amount(balance),
            })}
          </strong>
        </p>
        {position !== 0 && (
          <SettleStep
            act="clear"
            words={say('claims.position', { amount: amount(position) })}
            run={async () => {
              await clearAccount(session.party, account?.address);
              onDone();
            }}
          />
        )}
        {debt !== 0 && <p>{say('claims.debt', { amount: amount(debt) })}</p>}
        <p>{say('claims.units')}</p>
      </div>
      {held > 0 && <GiveUnitsBack session={session} account={account} held={held} />}
    </>
  );
}
