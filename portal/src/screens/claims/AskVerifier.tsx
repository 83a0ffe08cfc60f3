import { useState, type ReactNode } from 'react';
import { disputeClaim, type ClaimListed } from '../../../../src/client/index.ts';
import type { Address } from '../../../../src/protocol/ids.ts';
import { peopleInRole } from '../../session/peopleInRole.ts';
import type { Session } from '../../session/Session.ts';
import { useTask } from '../../session/useTask.ts';
import { AddPerson } from '../../ui/AddPerson.tsx';
import { Choices } from '../../ui/Choices.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
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
  const [verifier, setVerifier] = useState<Address>();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const found = useTask(async () => await peopleInRole(party, 'verifier'), [party]);
  const people = found.state === 'done' ? found.value : [];
  const who = people.find(({ address }) => address === verifier)?.name;
  const isFit = verifier !== undefined && who !== undefined && reason.trim() !== '';
  return (
    <details className="aside">
      <summary>{say('claims.dispute')}</summary>
      <p>{say('claims.dispute-means')}</p>
      {found.state === 'failed' && <Failure error={found.error} again={found.again} />}
      {people.length > 0 && (
        <Choices
          legend={say('claims.verifier')}
          choices={people.map(({ address, name, organisation }) => ({
            value: address,
            label: name,
            hint: organisation,
          }))}
          chosen={verifier === undefined ? [] : [verifier]}
          one
          onChange={([other]) => setVerifier(other)}
        />
      )}
      {tried && verifier === undefined && <p className="error">{say('enter.fill-in')}</p>}
      <AddPerson session={session} onAdded={found.again} />
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
          isFit
            ? [
                say('claims.you-dispute', { who, reason: reason.trim() }),
                say('claims.dispute-shows', { who }),
              ]
            : undefined
        }
        onTry={() => setTried(true)}
        run={async () => {
          if (verifier === undefined) return;
          await disputeClaim(party, listed.digest, { verifier, reason: reason.trim() });
          onDone();
        }}
      />
    </details>
  );
}
