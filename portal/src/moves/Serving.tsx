import { useState, type ReactNode } from 'react';
import { moveParty } from '../../../src/client/index.ts';
import type { Organisation } from '../../../src/protocol/ids.ts';
import type { Session } from '../session/Session.ts';
import { useRun } from '../session/useRun.ts';
import { useTask } from '../session/useTask.ts';
import { Awaiting } from '../ui/Awaiting.tsx';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';
import { useWords } from '../words/useWords.tsx';
import { servingHere } from './servingHere.ts';

/** Properties of `Serving`. */
export interface ServingProps {
  readonly session: Session;
  /** The organisation that the person was enrolled at. */
  readonly enrolled: Organisation;
}

/** The organisation whose node serves the person if it is not this page's, and the way to have this page's serve. */
export function Serving({ session, enrolled }: ServingProps): ReactNode {
  const { say, moment } = useWords();
  const { party, place } = session;
  const { organisation } = place;
  const state = useTask(async () => await servingHere(session, enrolled), [session, enrolled]);
  const moving = useRun();
  const [moved, setMoved] = useState(false);
  if (state.state !== 'done') return <Awaiting on={state} what={say('common.loading')} />;
  const { by, hasLeft, page, leaves, others } = state.value;
  return (
    <>
      {moved && <Notice kind="good" title={say('me.serves-now', { organisation })} />}
      {leaves !== undefined && (
        <Notice kind="warn" title={say('me.leaves', { organisation, date: moment(leaves) })}>
          <p>{say('me.leaves-lead', { others: others.join(', ') })}</p>
        </Notice>
      )}
      {by !== organisation && (
        <section>
          <h2>{say('me.serving')}</h2>
          <p>{say(hasLeft ? 'me.served-left' : 'me.served-by', { organisation: by })}</p>
          {page !== undefined && (
            <p>
              <a href={page} rel="noreferrer">
                {say('me.served-page', { organisation: by })}
              </a>
            </p>
          )}
          <p>{say('me.serve-lead', { organisation, enrolled })}</p>
          <Awaiting on={moving} what={say('me.moving')} />
          <p className="row">
            <Button
              busy={moving.busy}
              onClick={() =>
                moving.start(async () => {
                  await moveParty(party);
                  setMoved(true);
                  state.again();
                })
              }
            >
              {say('me.serve')}
            </Button>
          </p>
        </section>
      )}
    </>
  );
}
