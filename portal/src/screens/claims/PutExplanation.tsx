import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import {
  explainClaim,
  rightFor,
  type ClaimExplained,
  type ClaimListed,
} from '../../../../src/client/index.ts';
import { forgetCharts } from '../../session/charts.ts';
import type { Session } from '../../session/Session.ts';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';
import { SignStep } from './SignStep.tsx';
import { useAmount } from './useAmount.ts';

/** Properties of `PutExplanation`. */
export interface PutExplanationProps {
  readonly session: Session;
  readonly listed: ClaimListed;
  /** Name of the patient. */
  readonly patient: string;
}

/** Puts the explanation of a decided claim on the patient's chart, and leads there. */
export function PutExplanation({ session, listed, patient }: PutExplanationProps): ReactNode {
  const { say } = useWords();
  const amount = useAmount();
  const { party } = session;
  const { digest, facts, message } = listed;
  const { handle } = message.terms;
  const isOwn = session.handle === handle;
  const [done, setDone] = useState<ClaimExplained>();
  if (done !== undefined) {
    return (
      <Notice kind="good" title={say('claims.explained')}>
        <p>
          <Link href={isOwn ? `/records/${done.record}` : `/patients/${handle}`}>
            {say('claims.explained-open')}
          </Link>
        </p>
      </Notice>
    );
  }
  return (
    <SignStep
      label={say('claims.explain')}
      sign={say('claims.sign-explain')}
      words={[
        say('claims.you-explain', {
          own: isOwn ? 'yes' : 'no',
          patient,
          paid: amount(facts.approved),
          amount: amount(facts.amount),
        }),
      ]}
      run={async () => {
        const wanted = { handle, action: 'add', category: 'billing' } as const;
        const { grant } = (isOwn ? undefined : await rightFor(party, wanted)) ?? {};
        const choice = grant && { grant, purpose: grant.terms.purpose };
        const explained = await explainClaim(party, digest, choice);
        // Charts that were opened before do not have it.
        forgetCharts(party);
        setDone(explained);
      }}
    />
  );
}
