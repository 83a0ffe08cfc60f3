import { useState, type ReactNode } from 'react';
import { disputeClaim, type ClaimListed } from '../../../../src/client/index.ts';
import type { PersonInRole } from '../../session/peopleInRole.ts';
import type { Session } from '../../session/Session.ts';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ChoosePerson } from './ChoosePerson.tsx';
import { SignStep } from './SignStep.tsx';

/** Properties of `AskVerifier`. */
export interface AskVerifierProps {
  readonly session: Session;
  readonly listed: ClaimListed;
  readonly onDone: () => void;
}

/** Asks a verifier to judge a claim that was decided. */
export function AskVerifier({ session, listed, onDone }: AskVerifierProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const [verifier, setVerifier] = useState<PersonInRole>();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  return (
    <details className="aside">
      <summary>{say('claims.dispute')}</summary>
      <p>{say('claims.dispute-means')}</p>
      <ChoosePerson
        session={session}
        legend={say('claims.verifier')}
        inRole="verifier"
        chosen={verifier}
        onChange={setVerifier}
        tried={tried}
      />
      <TextField
        label={say('claims.dispute-why')}
        value={reason}
        maxLength={96}
        error={tried && reason.trim() === '' ? say('enter.fill-in') : undefined}
        onChange={setReason}
      />
      <SignStep
        label={say('common.next')}
        sign={say('claims.sign-dispute')}
        kind="main"
        words={
          verifier !== undefined && reason.trim() !== ''
            ? [
                say('claims.you-dispute', { who: verifier.name, reason: reason.trim() }),
                say('claims.dispute-shows', { who: verifier.name }),
              ]
            : undefined
        }
        onTry={() => setTried(true)}
        run={async () => {
          if (verifier === undefined) return;
          const asked = { verifier: verifier.address, reason: reason.trim() };
          await disputeClaim(party, listed.digest, asked);
          onDone();
        }}
      />
    </details>
  );
}
