import { useState, type ReactNode } from 'react';
import { formatBill, signBill, type NewBill } from '../../../../src/client/index.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { Button } from '../../ui/Button.tsx';
import { saveFile } from '../../ui/saveFile.ts';
import { useWords } from '../../words/useWords.tsx';
import { SignStep } from './SignStep.tsx';
import panelLook from '../../ui/Panel.module.css';

const sign = afterReview(signBill);

/** Properties of `SignBill`. */
export interface SignBillProps {
  readonly session: Session;
  readonly bill: NewBill;
  /** Patient, total and treatment in words. */
  readonly said: Readonly<Record<'patient' | 'total' | 'treatment', string>>;
}

/** Signs what a treatment costs, for a patient or a colleague who claims it. */
export function SignBill({ session, bill, said }: SignBillProps): ReactNode {
  const { say } = useWords();
  const [text, setText] = useState<string>();
  return (
    <details className={panelLook['aside']}>
      <summary>{say('claims.bill-for', said)}</summary>
      <p>{say('claims.bill-means')}</p>
      {text === undefined ? (
        <SignStep
          session={session}
          wanted={[bill]}
          others={{ charts: [bill.handle] }}
          label={say('common.next')}
          sign={say('claims.sign-bill')}
          words={[say('claims.you-bill', said)]}
          run={async (reviewed) => setText(formatBill(await sign(session.party, reviewed)))}
        />
      ) : (
        <p className="row">
          <Button onClick={() => saveFile('bill.json', text, 'application/json')}>
            {say('claims.save')}
          </Button>
        </p>
      )}
    </details>
  );
}
