import type { ReactNode } from 'react';
import { claimAccounts, readAccount, type ClaimAccount } from '../../../../src/client/index.ts';
import type { Session } from '../../session/Session.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import { GiveUnitsBack } from './GiveUnitsBack.tsx';
import { useAmount } from './useAmount.ts';
import panelLook from '../../ui/Panel.module.css';

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
    const own = { account: undefined, balance: (await readAccount(party)).balance };
    const paid = (await claimAccounts(party)).map(async (account) => {
      return { account, balance: (await readAccount(party, account.address)).balance };
    });
    return [own, ...(await Promise.all(paid))];
  }, [party, after]);
  if (found.state !== 'done') return <Awaiting on={found} />;
  const shown = found.value.filter(({ account, balance }) => {
    return balance !== 0 || (role === 'insurer' && account === undefined);
  });
  return (
    <>
      {shown.map(({ account, balance }) => (
        <Units key={account?.address ?? ''} session={session} account={account} balance={balance} />
      ))}
    </>
  );
}

interface UnitsProps {
  readonly session: Session;
  /** The account of a claim; the person's own if undefined. */
  readonly account: ClaimAccount | undefined;
  readonly balance: number;
}

/** The balance of one account, and what can be done with it. */
function Units({ session, account, balance }: UnitsProps): ReactNode {
  const { say } = useWords();
  const amount = useAmount();
  return (
    <>
      <div className={panelLook['aside']}>
        <p>
          <strong>
            {say(account === undefined ? 'claims.balance' : 'claims.balance-of-claim', {
              amount: amount(balance),
            })}
          </strong>
        </p>
        <p>{say('claims.units')}</p>
      </div>
      {balance > 0 && <GiveUnitsBack session={session} account={account} held={balance} />}
    </>
  );
}
