import type { ReactNode } from 'react';
import { pushHere, turnPushOff, turnPushOn } from '../../session/pushHere.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';

/** The person's choice if this device says that there is news, also while the portal is closed. */
export function Push({ session }: Pick<ScreenProps, 'session'>): ReactNode {
  const { say } = useWords();
  const state = useTask(async () => await pushHere(session), [session]);
  const turning = useRun();
  const { organisation } = session.place;
  const turn = (run: () => Promise<void>): void =>
    turning.start(async () => {
      await run();
      state.again();
    });
  const now = state.state === 'done' ? state.value : undefined;
  return (
    <section>
      <h2>{say('me.push')}</h2>
      <Awaiting on={state} what={say('me.push-asking')} />
      {now === 'not-offered' && <p>{say('me.push-not-offered', { organisation })}</p>}
      {now === 'unable' && <p>{say('me.push-unable')}</p>}
      {now === 'denied' && <p>{say('me.push-denied')}</p>}
      {now === 'off' && (
        <>
          <p>{say('me.push-lead')}</p>
          <p>{say('me.push-shows', { organisation })}</p>
        </>
      )}
      {now === 'on' && <p>{say('me.push-is-on')}</p>}
      <Awaiting on={turning} what={say('me.push-asking')} />
      {(now === 'on' || now === 'off') && (
        <p className="row">
          <Button
            busy={turning.busy}
            onClick={() =>
              turn(async () => {
                if (now === 'on') await turnPushOff(session);
                else await turnPushOn(session, say('news.push'));
              })
            }
          >
            {say(now === 'on' ? 'me.push-off' : 'me.push-on')}
          </Button>
        </p>
      )}
    </section>
  );
}
