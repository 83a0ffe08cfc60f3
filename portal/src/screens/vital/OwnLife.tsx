import { useState, type ReactNode } from 'react';
import { objectToVital } from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import { objectionEnds } from '../../../../src/protocol/rights/objectionEnds.ts';
import type { LifeFacts } from '../../../../src/protocol/care/vitalRecords.ts';
import { VITALS, type Vital } from '../../../../src/protocol/struct/vitalTypes.ts';
import type { Session } from '../../session/Session.ts';
import type { NameOf } from '../../session/useNames.ts';
import { useRun } from '../../session/useRun.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';
import { VitalFailure } from './VitalFailure.tsx';

/** Properties of `OwnLife`. */
export interface OwnLifeProps {
  readonly session: Session;
  /** The patient's own life. */
  readonly life: LifeFacts;
  readonly nameOf: NameOf;
  /** Called once the patient objected. */
  readonly onDone: () => void;
}

/** Tells a patient every state of their own birth and death, with the way back from it. */
export function OwnLife({ session, life, nameOf, onDone }: OwnLifeProps): ReactNode {
  const { say } = useWords();
  const [objected, setObjected] = useState(false);
  const done = (): void => {
    setObjected(true);
    onDone();
  };
  return (
    <>
      {objected && <Notice kind="good" title={say('vital.objected')} />}
      {VITALS.map((what) => (
        <OwnVital key={what} {...{ session, life, nameOf, what }} onDone={done} />
      ))}
    </>
  );
}

function OwnVital({
  session,
  life,
  nameOf,
  what,
  onDone,
}: OwnLifeProps & { readonly what: Vital }): ReactNode {
  const { say, moment } = useWords();
  const objecting = useRun();
  const { stage, step, reporter, since } = life[what];
  if (stage === 'none')
    return step === 0 ? undefined : <Notice kind="good" title={say(`vital.own-${what}-undone`)} />;
  const ends = objectionEnds(life[what]);
  const mayObject = seconds(session.party.clock) < ends;
  const says = { who: nameOf(reporter ?? '0x'), when: moment(since ?? 0) };
  const object = (): void =>
    objecting.start(async () => {
      await objectToVital(session.party, { handle: session.handle as Handle, what });
      onDone();
    });
  return (
    <Notice
      kind={what === 'death' || mayObject ? 'bad' : 'good'}
      title={say(`vital.own-${what}-${stage}`, says)}
    >
      <p>{say(`vital.own-${what}-${stage}-means`)}</p>
      {stage === 'confirmed' && (
        <p>
          {mayObject ? say('vital.object-by', { when: moment(ends) }) : say('vital.object-over')}
        </p>
      )}
      {mayObject && (
        <p className="row">
          <Button kind="main" busy={objecting.busy} onClick={object}>
            {say(`vital.object-${what}`)}
          </Button>
        </p>
      )}
      <Awaiting on={objecting} what={say('vital.waiting')} Refused={VitalFailure} />
    </Notice>
  );
}
