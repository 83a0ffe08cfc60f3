import { useState, type ReactNode } from 'react';
import {
  readIssuer,
  signRedemption,
  type ClaimAccount,
  type Party,
} from '../../../../src/client/index.ts';
import { organisationName } from '../../../../src/protocol/network/networkLookups.ts';
import type { Organisation } from '../../../../src/protocol/ids.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { saveFile } from '../../ui/saveFile.ts';
import { SelectField } from '../../ui/SelectField.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import { SignStep } from './SignStep.tsx';
import { unitsIn } from './unitsIn.ts';
import { useAmount } from './useAmount.ts';
import panelLook from '../../ui/Panel.module.css';

const redeem = afterReview(signRedemption);

/** Properties of `GiveUnitsBack`. */
export interface GiveUnitsBackProps {
  readonly session: Session;
  /** The account of a claim; the person's own if undefined. */
  readonly account: ClaimAccount | undefined;
  /** Hundredths that the person can give back now. */
  readonly held: number;
}

/** Gives units back to an organisation that owes money for them: the person signs a file, and the organisation pays. */
export function GiveUnitsBack(props: GiveUnitsBackProps): ReactNode {
  const { say } = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={panelLook['aside']} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say('claims.redeem')}</summary>
      {isOpen && <Redemption {...props} />}
    </details>
  );
}

function Redemption({ session, account, held }: GiveUnitsBackProps): ReactNode {
  const { say } = useWords();
  const amountSaid = useAmount();
  const { party } = session;
  const [at, setAt] = useState<Organisation>();
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const [signed, setSigned] = useState<Awaited<ReturnType<typeof signRedemption>>>();
  const found = useTask(async () => await issuersOf(party), [party]);
  if (found.state !== 'done') return <Awaiting on={found} what={say('claims.reading')} />;
  const issuer = found.value.find(({ organisation }) => organisation === at) ?? found.value[0];
  if (issuer === undefined) return null;
  const { organisation, outstanding } = issuer;
  const most = Math.min(held, outstanding);
  const units = unitsIn(typed, most);
  const { message } = signed?.request ?? {};
  return (
    <>
      <SelectField
        label={say('claims.redeem-at')}
        choices={found.value.map((each) => ({
          value: each.organisation,
          label: say('claims.owes', { ...each, amount: amountSaid(each.outstanding) }),
        }))}
        value={organisation}
        onChange={setAt}
      />
      <TextField
        label={say('claims.redeem-amount')}
        hint={say('claims.most', { most: amountSaid(most) })}
        inputMode="decimal"
        value={typed}
        error={
          tried && units === undefined
            ? say('claims.amount-wrong', { most: amountSaid(most) })
            : undefined
        }
        onChange={setTyped}
      />
      <SignStep
        session={session}
        others="organisation"
        wanted={
          units === undefined
            ? undefined
            : [{ organisation, amount: units, ...(account && { account }) }]
        }
        label={say('common.next')}
        sign={say('claims.sign-redeem')}
        words={
          units === undefined
            ? []
            : [
                say('claims.you-redeem', { organisation, amount: amountSaid(units) }),
                say('claims.redeem-means'),
              ]
        }
        onTry={() => setTried(true)}
        run={async (reviewed) => {
          setSigned(await redeem(party, reviewed));
        }}
      />
      {signed !== undefined && message !== undefined && (
        <Notice
          kind="good"
          title={say('claims.redeem-signed', {
            organisation: organisationName(message.organisation),
            amount: amountSaid(message.amount),
          })}
        >
          <p>
            <Button
              kind="main"
              onClick={() =>
                saveFile('redemption.json', JSON.stringify(signed, null, 2), 'application/json')
              }
            >
              {say('claims.save')}
            </Button>
          </p>
        </Notice>
      )}
    </>
  );
}

/** Organisations of the authority that owe for units now. */
async function issuersOf(
  party: Party,
): Promise<readonly { readonly organisation: Organisation; readonly outstanding: number }[]> {
  const { members } = party.network.authority;
  const all = [...new Set(members.map(({ organisation }) => organisation))];
  const issuers = await Promise.all(
    all.map(async (organisation) => ({ organisation, ...(await readIssuer(party, organisation)) })),
  );
  return issuers.filter(({ outstanding }) => outstanding > 0);
}
