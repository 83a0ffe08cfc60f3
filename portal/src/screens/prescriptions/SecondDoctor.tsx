import { useState, type ReactNode } from 'react';
import {
  directionsIn,
  parsePrescriptionFile,
  placePrescription,
  prescriptionFileOf,
  signBeside,
  type PrescriptionSigned,
} from '../../../../src/client/index.ts';
import { isMedsealError } from '../../../../src/errors/isMedsealError.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { overrideIn } from '../../../../src/fhir/makeMedicationRequest.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import { readPeople } from '../../session/people.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { RoleOf } from '../../ui/RoleOf.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { PatientBanner } from '../patient/PatientBanner.tsx';
import { OrderWords } from './OrderWords.tsx';
import { RefusedInWords } from './RefusedInWords.tsx';
import { TakeHanded } from './TakeHanded.tsx';
import { ToHandOver } from './ToHandOver.tsx';

/** Signs beside a colleague's prescription, or puts an own one on the ledger once the second doctor signed it. */
export function SecondDoctor({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const [given, setGiven] = useState<PrescriptionSigned>();
  return (
    <Page title={say('medicines.beside-title')} lead={say('medicines.beside-lead')}>
      <TakeHanded
        parse={(text) => parsePrescriptionFile(session.party, text, say('medicines.beside-file'))}
        says={{
          file: say('medicines.beside-file'),
          read: say('medicines.read'),
          unfit: say('medicines.beside-unfit'),
        }}
        onTaken={setGiven}
      />
      {given !== undefined && <Beside key={given.digest} session={session} signed={given} />}
    </Page>
  );
}

interface BesideProps {
  readonly session: Session;
  readonly signed: PrescriptionSigned;
}

function Beside({ session, signed }: BesideProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const { message, order, submission } = signed;
  const { prescriber, second, terms, amount, fills, interval, from, until, replaces } = message;
  const overridden = overrideIn(order);
  const { cosignature } = submission;
  const people = useTask(async () => await readPeople(party), [party]);
  const nameOf = useNames(session, [prescriber, second]);
  const [cosigned, setCosigned] = useState<PrescriptionSigned>();
  const [issued, setIssued] = useState(false);
  const placing = useRun();
  const known = people.state === 'done' ? people.value : [];
  const patient = known.find(({ handle }) => handle === terms.handle)?.name;
  const by = nameOf(prescriber);
  const sign = (): void => {
    const other = signBeside(party, message);
    setCosigned({ ...signed, submission: { ...submission, cosignature: other } });
  };
  const place = (): void =>
    placing.start(async () => {
      await placePrescription(party, signed);
      setIssued(true);
    });
  return (
    <section>
      <PatientBanner session={session} handle={terms.handle} />
      <div className="signed">
        <OrderWords
          session={session}
          order={{
            medicine: terms.medicine,
            code: terms.code,
            unit: terms.unit,
            dosage: directionsIn(order),
            amount,
            fills,
            interval,
            from,
            until,
            controlled: terms.controlled,
            ...(replaces !== ZERO32 && { replaces }),
          }}
        />
        {overridden !== undefined && (
          <Notice
            kind="warn"
            title={say('medicines.overridden', { reason: visibleText(overridden, 200) })}
          />
        )}
        <p>
          {say('medicines.beside-for', {
            who: visibleText(patient ?? `${terms.handle.slice(0, 10)}…`),
            by,
          })}
        </p>
        <RoleOf session={session} party={prescriber} />
      </div>
      {second === party.address && (
        <p className="row">
          <Button kind="main" onClick={sign}>
            {say('medicines.beside-sign', { by })}
          </Button>
        </p>
      )}
      {cosigned !== undefined && (
        <ToHandOver
          title={say('medicines.beside-signed', { by })}
          signed={prescriptionFileOf(cosigned)}
          file="signed-prescription.json"
        />
      )}
      {prescriber === party.address && cosignature === undefined && (
        <Notice kind="warn" title={say('medicines.beside-unsigned', { who: nameOf(second) })} />
      )}
      {prescriber === party.address && cosignature !== undefined && !issued && (
        <p className="row">
          <Button kind="main" busy={placing.busy} onClick={place}>
            {say('medicines.place')}
          </Button>
        </p>
      )}
      {prescriber !== party.address && second !== party.address && (
        <Notice kind="bad" title={say('medicines.beside-others', { who: nameOf(second) })} />
      )}
      {placing.busy && <Pending what={say('medicines.changing')} />}
      {placing.error !== undefined &&
        (isMedsealError(placing.error, 'REQUEST_LATE') ? (
          <Failure error={placing.error} title={say('medicines.beside-late')} />
        ) : (
          <RefusedInWords error={placing.error} />
        ))}
      {issued && (
        <Notice
          kind="good"
          title={say('medicines.issued', { medicine: visibleText(terms.medicine) })}
        />
      )}
    </section>
  );
}
