import { useState, type ReactNode } from 'react';
import type { Handle } from '../../../../src/protocol/ids.ts';
import { VITALS } from '../../../../src/protocol/struct/vitalTypes.ts';
import { useNames } from '../../session/useNames.ts';
import { AddPerson } from '../../ui/AddPerson.tsx';
import { Choices } from '../../ui/Choices.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { DeskBesideProps } from '../../desk/DeskKind.ts';
import { ToHandOver } from '../prescriptions/ToHandOver.tsx';
import { AttestVital } from './AttestVital.tsx';
import { AgreeToUndo } from './UndoVital.tsx';
import { VitalStanding, type VitalStandingProps } from './VitalStanding.tsx';
import type { VitalReports } from './vitalReports.ts';

/** Birth and death of anybody whom the device knows, with the way to report one. */
export function AnyLife({
  session,
  found,
  isOpen,
  onAgain,
}: DeskBesideProps<VitalReports>): ReactNode {
  const { say } = useWords();
  const [chosen, setChosen] = useState<Handle>();
  const [handed, setHanded] = useState<Readonly<Record<string, object>>>({});
  const life = chosen && found?.lives.get(chosen);
  const patients = found?.patients ?? [];
  return (
    <>
      <h2>{say('vital.report')}</h2>
      {patients.length > 0 && (
        <Choices
          legend={say('vital.whom')}
          choices={patients.map(({ handle, name }) => ({ value: handle, label: name }))}
          chosen={chosen === undefined ? [] : [chosen]}
          one
          onChange={([other]) => setChosen(other)}
        />
      )}
      <AddPerson
        session={session}
        onAdded={({ handle }) => {
          if (handle !== undefined) setChosen(handle);
          onAgain();
        }}
      />
      {chosen !== undefined &&
        life !== undefined &&
        !isOpen &&
        VITALS.map((what) => (
          <VitalOf
            key={`${what}/${chosen}`}
            session={session}
            handle={chosen}
            what={what}
            facts={life[what]}
            handed={handed[`${what}/${chosen}`]}
            onHanded={(report) => setHanded({ ...handed, [`${what}/${chosen}`]: report })}
            onDone={onAgain}
          />
        ))}
      <AgreeToUndo session={session} />
    </>
  );
}

interface VitalOfProps extends VitalStandingProps {
  /** The report that this person made while the screen is open. */
  readonly handed: object | undefined;
  readonly onHanded: (report: object) => void;
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
      <VitalStanding {...{ session, handle, what, facts, onDone }} />
    </>
  );
}
