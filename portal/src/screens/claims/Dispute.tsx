import { useState, type ReactNode } from 'react';
import { disputeClaim, type ClaimListed } from '../../../../src/client/index.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useDraft } from '../../session/useDraft.ts';
import { KeptDraft } from '../../ui/KeptDraft.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { SignStep } from './SignStep.tsx';
import panelLook from '../../ui/Panel.module.css';

const openDispute = afterReview(disputeClaim);

/** Properties of `Dispute`. */
export interface DisputeProps {
  readonly session: Session;
  readonly listed: ClaimListed;
  readonly onDone: () => void;
}

/** Has verifiers drawn who judge a claim that was decided, or others who judge a judgement. */
export function Dispute({ session, listed, onDone }: DisputeProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const [tried, setTried] = useState(false);
  const appeal = listed.facts.state === 'judged';
  const draft = useDraft(session, `dispute/${listed.digest}/${listed.facts.round}`, { reason: '' });
  const { reason } = draft.value;
  const kind = appeal ? 'appeal' : 'dispute';
  return (
    <details className={panelLook['aside']} open={draft.kept !== undefined}>
      <summary>{say(`claims.${kind}`)}</summary>
      <p>{say(`claims.${kind}-means`)}</p>
      <KeptDraft draft={draft} />
      <TextField
        label={say('claims.dispute-why')}
        value={reason}
        maxLength={96}
        error={tried && reason.trim() === '' ? say('enter.fill-in') : undefined}
        onChange={(text) => draft.change({ reason: text })}
      />
      <SignStep
        session={session}
        others={{ about: [listed.message.insurer, listed.message.terms.claimant] }}
        wanted={
          reason.trim() === '' ? undefined : [listed.digest, { reason: reason.trim(), appeal }]
        }
        label={say('common.next')}
        sign={say(`claims.sign-${kind}`)}
        kind="main"
        words={[
          say(`claims.you-${kind}`, { reason: reason.trim() }),
          say('claims.you-open-lot'),
          say('claims.dispute-shows'),
        ]}
        onTry={() => setTried(true)}
        run={async (reviewed) => {
          await openDispute(party, reviewed);
          await draft.drop(draft.value);
          onDone();
        }}
      />
    </details>
  );
}
