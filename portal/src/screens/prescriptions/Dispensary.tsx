import { useEffect, useState, type ReactNode } from 'react';
import {
  dispense,
  parseSlip,
  readSlip,
  rightFor,
  type Dispensed,
  type SlipRead,
} from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { doseIn } from '../../../../src/fhir/dose/doseIn.ts';
import { listOf } from '../../../../src/fhir/fieldOf.ts';
import { unitsOfDose } from '../../../../src/fhir/dose/unitsOfDose.ts';
import { ZERO_ADDRESS } from '../../../../src/protocol/ids.ts';
import { leftOf } from '../../../../src/protocol/care/dispenseRefusal.ts';
import { parseFhirDate } from '../../fhir/parseFhirDate.ts';
import { dateInWords } from '../../fhir/sayFhir.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useDraft } from '../../session/useDraft.ts';
import { collectNews } from '../../session/people.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { FactList } from '../../ui/FactList.tsx';
import { FileField } from '../../ui/FileField.tsx';
import { KeptDraft } from '../../ui/KeptDraft.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { ScanCode } from '../../ui/ScanCode.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { PatientBanner } from '../patient/PatientBanner.tsx';
import { directionsSaid } from './directionsSaid.ts';
import { PrescriptionLine } from './PrescriptionLine.tsx';
import { ProposedAmount } from './ProposedAmount.tsx';
import { RefusedInWords } from './RefusedInWords.tsx';
import { unpackCode } from '../../camera/packedCode.ts';
import { textHanded } from './textHanded.ts';
import { wholeIn } from './wholeIn.ts';
import listLook from '../../ui/List.module.css';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

const hand = afterReview(dispense);
const tooLong = (): MedsealError => new MedsealError('SLIP_INVALID', { reason: 'it is too long' });

/** Reads what a patient shows, and dispenses a part of it. */
export function Dispensary({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const [file, setFile] = useState<File>();
  const [text, setText] = useState('');
  const [read, setRead] = useState<SlipRead>();
  const reading = useRun();
  const renewing = useRun();
  const [isSigning, setSigning] = useState(false);
  const show = (scanned?: string): void =>
    reading.start(async () => {
      setRead(undefined);
      const given = scanned ?? (file === undefined ? text : await textHanded(file, tooLong));
      const shown = await readSlip(session.party, parseSlip(unpackCode(given).trim()));
      // A right that the patient gives in the same step comes by letter, and the banner reads by it; without one it says so.
      await collectNews(session.party).catch(() => undefined);
      setRead(shown);
    });
  // After a dispense what was shown stays until its new state is there; and so does another one that was read meanwhile.
  const renew = ({ slip }: SlipRead): void =>
    renewing.start(async () => {
      const fresh = await readSlip(session.party, slip);
      setRead((shown) => (shown?.digest === fresh.digest ? fresh : shown));
    });
  const takeScanned = (scanned: string): void => {
    setFile(undefined);
    setText(scanned);
    show(scanned);
  };
  const handle = read?.slip.prescription.terms.handle;
  return (
    <>
      {handle !== undefined && (
        <PatientBanner key={read?.digest} session={session} handle={handle} />
      )}
      <Page title={say('medicines.pharmacy-title')} lead={say('medicines.pharmacy-lead')}>
        {!reading.busy && !isSigning && (
          <ScanCode session={session} kinds={['prescription']} onText={takeScanned} />
        )}
        <FileField label={say('medicines.file')} file={file} onChange={setFile} />
        <TextField label={say('medicines.text')} value={text} onChange={setText} rows={3} />
        <p className="row">
          <Button kind="main" busy={reading.busy || isSigning} onClick={() => show()}>
            {say('medicines.read')}
          </Button>
        </p>
        <Awaiting on={reading} what={say('medicines.asking')} />
        <Awaiting on={renewing} what={say('medicines.asking')} />
        {read !== undefined && (
          <Shown
            key={read.digest}
            session={session}
            read={read}
            onAgain={() => renew(read)}
            onSigning={setSigning}
          />
        )}
      </Page>
    </>
  );
}

interface ShownProps {
  readonly session: Session;
  readonly read: SlipRead;
  readonly onAgain: () => void;
  /** Called when a signing begins and ends: no other prescription takes the place of this one meanwhile. */
  readonly onSigning: (isSigning: boolean) => void;
}

function Shown({ session, read, onAgain, onSigning }: ShownProps): ReactNode {
  const words = useWords();
  const { say } = words;
  const { slip, facts } = read;
  const { prescription, request, person } = slip;
  const unit = visibleText(prescription.terms.unit);
  const medicine = visibleText(prescription.terms.medicine);
  const born = parseFhirDate(person?.born);
  const directions = listOf(request.dosageInstruction);
  const most = leftOf(facts);
  const dose = doseIn(directions[0])?.dose;
  const proposed = dose && directions.length === 1 ? unitsOfDose(dose, unit) : undefined;
  const draft = useDraft(session, `dispense/${read.digest}`, { amount: '', note: '' });
  const { amount, note } = draft.value;
  const [tried, setTried] = useState(false);
  const [done, setDone] = useState<Dispensed>();
  const count = wholeIn(amount, 1, most);
  const { handle } = prescription.terms;
  const signing = useRun();
  useEffect(() => {
    onSigning(signing.busy);
    return () => onSigning(false);
  }, [signing.busy, onSigning]);
  const also = useTask(async () => {
    const wanted = { handle, action: 'read', category: 'allergies' } as const;
    return (await rightFor(session.party, wanted))?.covers === true;
  }, [session, handle]);
  const isOpen = facts.state === 'active' && most > 0;
  return (
    <section>
      <p className={listLook['cards']}>
        <PrescriptionLine
          session={session}
          listed={{ digest: read.digest, message: prescription, facts, request }}
        />
      </p>
      {person === undefined ? (
        <p className="hint">{say('medicines.whom-none')}</p>
      ) : (
        <Notice
          kind="note"
          title={say(person.born === undefined ? 'medicines.whom-name' : 'medicines.whom-said', {
            who: visibleText(person.name, 120),
            born: born === undefined ? '' : dateInWords(born, words.locale),
          })}
        >
          <p>{say('medicines.whom-ask')}</p>
        </Notice>
      )}
      <FactList
        isStacked
        isForeign
        facts={[[say('medicines.dosage'), directionsSaid(directions, words)]]}
      />
      {also.state === 'done' && also.value && (
        <ButtonLink href={`/patients/${handle}`}>{say('medicines.also-open')}</ButtonLink>
      )}
      {isOpen && (
        <>
          <KeptDraft draft={draft} />
          <TextField
            label={say('medicines.amount')}
            hint={say('medicines.most', { count: most, unit })}
            inputMode="numeric"
            value={amount}
            onChange={(text) => draft.change({ amount: text })}
            error={
              tried && count === undefined ? say('medicines.number', { least: 1, most }) : undefined
            }
          />
          <ProposedAmount
            count={proposed === undefined ? undefined : Math.min(proposed, most)}
            unit={unit}
            typed={amount}
            onTake={(text) => draft.change({ amount: text })}
          />
          <TextField
            label={say('medicines.note')}
            value={note}
            onChange={(text) => draft.change({ note: text })}
          />
          <SignSheet
            session={session}
            signing={signing}
            wanted={
              count === undefined
                ? undefined
                : [slip, { amount: count, ...(note.trim() !== '' && { note: note.trim() }) }]
            }
            others={{
              about: [prescription.prescriber, prescription.second].filter(
                (address) => address !== ZERO_ADDRESS,
              ),
              charts: [handle],
            }}
            act={say('medicines.dispense', { count: count ?? '…', unit })}
            waits={say('medicines.dispensing')}
            Refused={RefusedInWords}
            onMissing={() => setTried(true)}
            run={async (reviewed) => {
              setDone(undefined);
              const dispensed = await hand(session.party, reviewed);
              await draft.drop(draft.value);
              setDone(dispensed);
              setTried(false);
              onAgain();
            }}
          >
            <p>{say('medicines.dispense-words', { count: count ?? '…', unit, medicine })}</p>
            {note.trim() !== '' && <p>{visibleText(note)}</p>}
          </SignSheet>
        </>
      )}
      {done !== undefined && (
        <Notice
          kind="good"
          title={say('medicines.done', { count: done.resource.quantity?.value ?? 0, unit })}
        >
          <p>{say(`medicines.done-${done.already ? 'already' : done.returned}`)}</p>
        </Notice>
      )}
    </section>
  );
}
