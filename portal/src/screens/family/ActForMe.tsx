import { useState, type ReactNode } from 'react';
import { endMandate } from '../../../../src/client/index.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { useTask } from '../../session/useTask.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { ButtonLink } from '../../ui/ButtonLink.tsx';
import { List } from '../../ui/List.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { RoleOf } from '../../ui/RoleOf.tsx';
import { RolesTogether } from '../../ui/RolesTogether.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { StateText } from '../../ui/StateText.tsx';
import { useWords } from '../../words/useWords.tsx';
import { mandatesHere, type MandateShown } from '../../session/mandatesHere.ts';
import { useMandateInWords } from './useMandateInWords.ts';

const end = afterReview(endMandate);

/** Properties of `ActForMe`. */
export interface ActForMeProps {
  readonly session: Session;
  /** Says what was done. */
  readonly onDone: (words: string) => void;
}

/** Everybody who acts for the patient, or did, with an end to each; a key that no device knows is a danger. */
export function ActForMe({ session, onDone }: ActForMeProps): ReactNode {
  const { say } = useWords();
  const inWords = useMandateInWords();
  const [ending, setEnding] = useState<MandateShown>();
  const listed = useTask(async () => await mandatesHere(session), [session]);
  const mandates = listed.state === 'done' ? listed.value : [];
  const nameOf = useNames(
    session,
    mandates.flatMap(({ opening }) => opening?.terms.representative ?? []),
  );
  const whoOf = ({ opening }: MandateShown): string =>
    opening === undefined ? say('family.unknown') : nameOf(opening.terms.representative);
  return (
    <>
      <Awaiting on={listed} what={say('family.asking')} />
      <RolesTogether>
        <List
          items={mandates}
          keyOf={({ mandate }) => mandate}
          none={listed.state === 'done' && say('family.nobody')}
        >
          {(each) => (
            <>
              <div className="row">
                <Avatar name={whoOf(each)} />
                <strong>{whoOf(each)}</strong>
                <StateText state={each.stands === 'active' ? 'holds' : undefined}>
                  {say(`family.state-${each.stands}`)}
                </StateText>
              </div>
              {each.opening !== undefined && (
                <>
                  <RoleOf session={session} party={each.opening.terms.representative} />
                  <p className="said">{inWords(each.opening).join(' ')}</p>
                </>
              )}
              {each.opening === undefined && each.stands === 'active' && (
                <Notice kind="bad" title={say('family.danger')}>
                  <p>{say('family.danger-out')}</p>
                  <ButtonLink href="/me/keys/change">{say('family.change-key')}</ButtonLink>
                </Notice>
              )}
              {each.stands === 'active' && (
                <Button kind="danger" onClick={() => setEnding(each)}>
                  {say('family.end', { who: whoOf(each) })}
                </Button>
              )}
            </>
          )}
        </List>
      </RolesTogether>
      {ending !== undefined && (
        <SignSheet
          session={session}
          inFront
          title={say('family.end-question', { who: whoOf(ending) })}
          wanted={[ending.mandate]}
          others={
            ending.opening === undefined
              ? 'unread'
              : { about: [ending.opening.terms.representative], isEnd: true }
          }
          isDanger
          act={say('family.end-now')}
          waits={say('family.ending')}
          onBack={() => setEnding(undefined)}
          run={async (reviewed) => {
            await end(session.party, reviewed);
            onDone(say('family.ended', { who: whoOf(ending) }));
            setEnding(undefined);
            listed.again();
          }}
        >
          <p>{say('family.end-closes', { who: whoOf(ending) })}</p>
          <p>{say('family.end-turns')}</p>
          <p>{say('family.end-not')}</p>
        </SignSheet>
      )}
    </>
  );
}
