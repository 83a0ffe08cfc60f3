import { useState, type ReactNode } from 'react';
import { actFor, resignMandate, type Mandate, type Party } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { actHere } from '../../session/actHere.ts';
import { useGoHere } from '../../session/useGoHere.ts';
import { afterReview } from '../../session/Reviewed.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { List } from '../../ui/List.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { StateText } from '../../ui/StateText.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import type { ActForMeProps } from './ActForMe.tsx';
import { heldMandates, type MandateHeld } from '../../session/heldMandates.ts';
import { useMandateInWords } from './useMandateInWords.ts';

const layDown = afterReview(async (party: Party, mandate: Mandate) => {
  return await resignMandate(await actFor(party, mandate));
});

/** Properties of `IActFor`. */
export interface IActForProps extends ActForMeProps, Pick<ScreenProps, 'onSession'> {}

/** The patients for whom the person offered to act on this device, and how it stands with each. */
export function IActFor({ session, onSession, onDone }: IActForProps): ReactNode {
  const { say, day } = useWords();
  const inWords = useMandateInWords();
  const go = useGoHere();
  const [ending, setEnding] = useState<MandateHeld>();
  const held = useTask(async () => await heldMandates(session.party), [session]);
  const opening = useRun();
  const open = (each: MandateHeld): void =>
    opening.start(async () => {
      onSession(await actHere(session, each));
      go('/home');
    });
  return (
    <>
      <Awaiting on={held} what={say('family.asking')} />
      <Awaiting on={opening} what={say('family.opening')} />
      <List
        items={held.state === 'done' ? held.value : []}
        keyOf={({ digest }) => digest}
        none={held.state === 'done' && say('family.for-nobody')}
      >
        {(each) => (
          <>
            <div className="row">
              <Avatar name={whoOf(each)} />
              <strong>{whoOf(each)}</strong>
              <StateText state={each.state === 'active' ? 'holds' : undefined}>
                {say(`family.state-${each.state}`)}
              </StateText>
            </div>
            <p className="said">{inWords(each.mandate).join(' ')}</p>
            {each.state === 'offered' && (
              <p>{say('family.waits-until', { until: day(each.mandate.deadline) })}</p>
            )}
            {each.state === 'active' && (
              <p className="row">
                {session.acting === undefined && (
                  <Button kind="main" busy={opening.busy} onClick={() => open(each)}>
                    {say('family.switch', { who: whoOf(each) })}
                  </Button>
                )}
                <Button kind="danger" onClick={() => setEnding(each)}>
                  {say('family.resign', { who: whoOf(each) })}
                </Button>
              </p>
            )}
          </>
        )}
      </List>
      {ending !== undefined && (
        <SignSheet
          session={session}
          inFront
          title={say('family.resign-question', { who: whoOf(ending) })}
          wanted={[ending.mandate]}
          others={{ charts: [ending.mandate.handle], isEnd: true }}
          isDanger
          act={say('family.resign-now')}
          waits={say('family.ending')}
          onBack={() => setEnding(undefined)}
          run={async (reviewed) => {
            await layDown(session.party, reviewed);
            onDone(say('family.resigned', { who: whoOf(ending) }));
            setEnding(undefined);
            held.again();
          }}
        >
          <p>{say('family.resign-closes', { who: whoOf(ending) })}</p>
          <p>{say('family.resign-not')}</p>
        </SignSheet>
      )}
    </>
  );
}

function whoOf({ name }: MandateHeld): string {
  return visibleText(name);
}
