import { useState, type ReactNode } from 'react';
import { readLife } from '../../../../src/client/index.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import type { VitalFacts } from '../../../../src/protocol/care/vitalRecords.ts';
import { VITALS, type Vital } from '../../../../src/protocol/struct/vitalTypes.ts';
import { readPeople } from '../../session/people.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { useTask } from '../../session/useTask.ts';
import { AddPerson } from '../../ui/AddPerson.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choices } from '../../ui/Choices.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ToHandOver } from '../prescriptions/ToHandOver.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { AttestVital } from './AttestVital.tsx';
import { ConfirmReport } from './ConfirmReport.tsx';
import { AgreeToUndo, SignUndoing } from './UndoVital.tsx';

/** A doctor or a registrar reports, confirms and undoes births and deaths; a registrar alone reports births. */
export function VitalDesk({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const [chosen, setChosen] = useState<Handle>();
  const people = useTask(async () => {
    return (await readPeople(party)).filter(({ handle }) => handle !== undefined);
  }, [party]);
  return (
    <Page title={say('vital.desk')} lead={say('vital.desk-lead')}>
      {people.state === 'failed' && <Failure error={people.error} again={people.again} />}
      {people.state === 'done' && people.value.length > 0 && (
        <Choices
          legend={say('vital.whom')}
          choices={people.value.flatMap(({ handle, name }) => {
            return handle === undefined ? [] : [{ value: handle, label: name }];
          })}
          chosen={chosen === undefined ? [] : [chosen]}
          one
          onChange={([other]) => setChosen(other)}
        />
      )}
      <AddPerson
        session={session}
        onAdded={({ handle }) => {
          if (handle !== undefined) setChosen(handle);
          people.again();
        }}
      />
      {chosen !== undefined && <LifeOf key={chosen} session={session} handle={chosen} />}
      <AgreeToUndo session={session} />
    </Page>
  );
}

interface LifeProps {
  readonly session: Session;
  readonly handle: Handle;
}

function LifeOf({ session, handle }: LifeProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const found = useTask(async () => await readLife(party, handle), [party, handle]);
  const [handed, setHanded] = useState<Partial<Record<Vital, object>>>({});
  if (found.state === 'working') return <Pending what={say('vital.looking')} />;
  if (found.state === 'failed') return <Failure error={found.error} again={found.again} />;
  return (
    <>
      <p className="row">
        <Button onClick={found.again}>{say('common.refresh')}</Button>
      </p>
      {VITALS.map((what) => (
        <VitalOf
          key={what}
          {...{ session, handle, what }}
          facts={found.value[what]}
          handed={handed[what]}
          onHanded={(report) => setHanded({ ...handed, [what]: report })}
          onDone={found.again}
        />
      ))}
    </>
  );
}

interface VitalOfProps extends LifeProps {
  readonly what: Vital;
  readonly facts: VitalFacts;
  /** The report that this person made while the screen is open. */
  readonly handed: object | undefined;
  readonly onHanded: (report: object) => void;
  readonly onDone: () => void;
}

function VitalOf(props: VitalOfProps): ReactNode {
  const { session, handle, what, facts, handed, onHanded, onDone } = props;
  const { say, moment } = useWords();
  const { stage, reporter, since } = facts;
  const nameOf = useNames(session, reporter === undefined ? [] : [reporter]);
  const says = { who: nameOf(reporter ?? '0x'), when: moment(since ?? 0) };
  if (stage === 'none') {
    const mayReport = what === 'death' || session.role === 'registrar';
    return mayReport && <AttestVital {...{ session, handle, what, onHanded, onDone }} />;
  }
  const isOwn = reporter === session.party.address;
  return (
    <>
      <Notice
        kind={what === 'birth' && stage === 'confirmed' ? 'good' : 'warn'}
        title={say(`vital.${what}-${stage}`, says)}
      />
      {handed !== undefined && (
        <ToHandOver
          title={say(what === 'birth' ? 'vital.opening' : 'vital.hand-death')}
          signed={handed}
          file={`${what}.json`}
        />
      )}
      {stage === 'reported' && isOwn && <p>{say('vital.waits-for-other')}</p>}
      {stage === 'reported' && !isOwn && <ConfirmReport {...{ session, what, facts, onDone }} />}
      <SignUndoing {...{ session, what, handle }} />
    </>
  );
}
