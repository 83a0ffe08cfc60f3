import { useState, type ReactNode } from 'react';
import {
  parsePrescriptionFile,
  placePrescription,
  prescriptionFileOf,
  signBeside,
  type PrescriptionSigned,
} from '../../../../src/client/index.ts';
import { isMedsealError } from '../../../../src/errors/isMedsealError.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { listOf } from '../../../../src/fhir/fieldOf.ts';
import { overrideIn } from '../../../../src/fhir/makeMedicationRequest.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import { readPeople } from '../../session/people.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { useTask } from '../../session/useTask.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { RoleOf } from '../../ui/RoleOf.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { PatientBanner } from '../patient/PatientBanner.tsx';
import { OrderWords } from './OrderWords.tsx';
import { RefusedInWords } from './RefusedInWords.tsx';
import { TakeHanded } from './TakeHanded.tsx';
import { ToHandOver } from './ToHandOver.tsx';
import resourceCardLook from '../../ui/ResourceCard.module.css';

const cosign = afterReview(signBeside);
const placeOrder = afterReview(placePrescription);

/** Signs beside a colleague's prescription, or puts an own one on the ledger once the second doctor signed it. */
export function SecondDoctor({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const [given, setGiven] = useState<PrescriptionSigned>();
  const handle = given?.message.terms.handle;
  return (
    <>
      {handle !== undefined && (
        <PatientBanner key={given?.digest} session={session} handle={handle} />
      )}
      <Page title={say('medicines.beside-title')} lead={say('medicines.beside-lead')}>
        <TakeHanded
          session={session}
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
    </>
  );
}

function RefusedOrLate({ error }: { readonly error: unknown }): ReactNode {
  const { say } = useWords();
  const over = isMedsealError(error, 'REQUEST_LATE')
    ? 'medicines.beside-late'
    : isMedsealError(error, 'ORDER_CLOSED')
      ? 'medicines.beside-closed'
      : undefined;
  return over === undefined ? (
    <RefusedInWords error={error} />
  ) : (
    <Failure error={error} title={say(over)} />
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
  const known = people.state === 'done' ? people.value : [];
  const patient = known.find(({ handle }) => handle === terms.handle)?.name;
  const by = nameOf(prescriber);
  const words = (
    <>
      <OrderWords
        session={session}
        order={{
          medicine: terms.medicine,
          code: terms.code,
          unit: terms.unit,
          directions: listOf(order.dosageInstruction),
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
    </>
  );
  const isSecond = second === party.address;
  const isPlacing = prescriber === party.address && cosignature !== undefined && !issued;
  return (
    <section>
      {isSecond && (
        <SignSheet
          session={session}
          wanted={[message]}
          others={{ to: [prescriber], charts: [terms.handle] }}
          act={say('medicines.beside-sign', { by })}
          waits={say('medicines.changing')}
          run={async (reviewed) => {
            const other = cosign(party, reviewed);
            setCosigned({ ...signed, submission: { ...submission, cosignature: other } });
          }}
        >
          {words}
        </SignSheet>
      )}
      {isPlacing && (
        <SignSheet
          session={session}
          wanted={[signed]}
          others={{ to: [second], charts: [terms.handle] }}
          act={say('medicines.place')}
          waits={say('medicines.changing')}
          Refused={RefusedOrLate}
          run={async (reviewed) => {
            await placeOrder(party, reviewed);
            setIssued(true);
          }}
        >
          {words}
        </SignSheet>
      )}
      {!isSecond && !isPlacing && (
        <div className={resourceCardLook['resource']}>
          {words}
          <RoleOf session={session} party={prescriber} />
        </div>
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
      {prescriber !== party.address && second !== party.address && (
        <Notice kind="bad" title={say('medicines.beside-others', { who: nameOf(second) })} />
      )}
      {issued && (
        <Notice
          kind="good"
          title={say('medicines.issued', { medicine: visibleText(terms.medicine) })}
        />
      )}
    </section>
  );
}
