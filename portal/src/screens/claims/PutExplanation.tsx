import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import {
  explainClaim,
  rightFor,
  type ClaimExplained,
  type ClaimListed,
  type Party,
} from '../../../../src/client/index.ts';
import type { Bytes32, Handle } from '../../../../src/protocol/ids.ts';
import { forgetCharts } from '../../session/charts.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';
import { SignStep } from './SignStep.tsx';
import { useAmount } from './useAmount.ts';

const explain = afterReview(async (party: Party, digest: Bytes32, handle?: Handle) => {
  // On the person's own chart no right is needed.
  const wanted = handle && ({ handle, action: 'add', category: 'billing' } as const);
  const { grant } = (wanted && (await rightFor(party, wanted))) ?? {};
  return await explainClaim(party, digest, grant && { grant, purpose: grant.terms.purpose });
});

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
      session={session}
      wanted={[digest, isOwn ? undefined : handle]}
      others={{ charts: [handle], about: [message.insurer] }}
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
      run={async (reviewed) => {
        const explained = await explain(party, reviewed);
        // Charts that were opened before do not have it.
        forgetCharts(party);
        setDone(explained);
      }}
    />
  );
}
