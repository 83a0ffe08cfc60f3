import type { ReactNode } from 'react';
import { requestAccess, withdrawRequest, type AccessAsked } from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import { ACTIONS } from '../../../../src/protocol/vocabulary.ts';
import type { Session } from '../../session/Session.ts';
import { useRun } from '../../session/useRun.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { AskedState } from './stateOfAsked.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** Properties of `AskedActs`. */
export interface AskedActsProps {
  readonly session: Session;
  /** A request for access that the person made. */
  readonly asked: AccessAsked;
  readonly state: AskedState;
  /** Name of the patient. */
  readonly who: string;
  readonly onDone: () => void;
}

/** The acts for a request for access: open what it gave, ask again, or withdraw it. */
export function AskedActs({ session, asked, state, who, onDone }: AskedActsProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const asking = useRun();
  const { handle, terms } = asked.request.message;
  if (state === 'given') {
    return (
      <ButtonLink href={session.role === 'insurer' ? '/inbox' : `/patients/${handle}`}>
        {say('patients.open-chart', { who })}
      </ButtonLink>
    );
  }
  const askAgain = (): void =>
    asking.start(async () => {
      const { categories, record, purpose, from, until } = terms;
      const now = seconds(party.clock);
      await requestAccess(party, {
        handle,
        categories,
        ...(record !== ZERO32 && { record }),
        actions: ACTIONS.filter((action) => terms[action]),
        purpose,
        // For as long as before, if that time has passed.
        until: until > now ? until : now + until - from,
      });
      onDone();
    });
  const withdraw = (): void =>
    asking.start(async () => {
      await withdrawRequest(party, asked);
      onDone();
    });
  return (
    <>
      <p className="row">
        <Button busy={asking.busy} onClick={askAgain}>
          {say(state === 'waiting' ? 'patients.send-again' : 'patients.ask-again', { who })}
        </Button>
        {state === 'waiting' && (
          <Button busy={asking.busy} onClick={withdraw}>
            {say('patients.withdraw', { who })}
          </Button>
        )}
      </p>
      <Awaiting on={asking} what={say('patients.asking')} />
    </>
  );
}
