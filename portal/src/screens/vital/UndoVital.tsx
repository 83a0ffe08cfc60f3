import { useState, type ReactNode } from 'react';
import { undoVital, prepareUndoing, type Party } from '../../../../src/client/index.ts';
import { isMedsealError } from '../../../../src/errors/isMedsealError.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import { parseJsonOf } from '../../../../src/protocol/wire/parseJsonOf.ts';
import type { Signed } from '../../../../src/protocol/struct/requests.ts';
import type { Vital } from '../../../../src/protocol/struct/vitalTypes.ts';
import { signedShape } from '../../../../src/protocol/shapes/messageShape.ts';
import { sign } from '../../../../src/protocol/struct/signing.ts';
import type { UndoVital } from '../../../../src/protocol/care/vitalRecords.ts';
import { personIn, personTyped } from '../../session/personTyped.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { useDraft } from '../../session/useDraft.ts';
import { useRun } from '../../session/useRun.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { FileField } from '../../ui/FileField.tsx';
import { KeptDraft } from '../../ui/KeptDraft.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ChoosePeople } from '../prescriptions/ChoosePeople.tsx';
import { TakeHanded } from '../prescriptions/TakeHanded.tsx';
import { ToHandOver } from '../prescriptions/ToHandOver.tsx';
import { hashOfChosen } from './hashOfChosen.ts';
import { UndoingInWords } from './UndoingInWords.tsx';
import { VitalFailure } from './VitalFailure.tsx';
import panelLook from '../../ui/Panel.module.css';
import resourceCardLook from '../../ui/ResourceCard.module.css';

/** Seconds that the second party has to sign. */
const WITHIN = 86_400;
const signUndoing = afterReview((party: Party, undoing: UndoVital) =>
  sign(party, party, 'UndoVital', undoing),
);
const undo = afterReview(undoVital);
const UNDOING = signedShape('UndoVital');

/** Properties of `SignUndoing`. */
export interface SignUndoingProps {
  readonly session: Session;
  /** The birth or the death that is reported or recorded. */
  readonly what: Vital;
  /** The patient. */
  readonly handle: Handle;
}

/** Signs, as the first of two, that a birth or a death was recorded by mistake. */
export function SignUndoing({ session, what, handle }: SignUndoingProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const [file, setFile] = useState<File>();
  const draft = useDraft(session, `undo/${what}/${handle}`, { reason: '', second: personTyped() });
  const { reason } = draft.value;
  const second = personIn(draft.value.second);
  const [tried, setTried] = useState(false);
  const [shown, setShown] = useState<UndoVital>();
  const [signed, setSigned] = useState<Signed<'UndoVital'>>();
  const preparing = useRun();
  const isFilled = file !== undefined && reason.trim() !== '' && second !== undefined;
  /** An undoing is about the choices that it was made from. */
  const forget = (): void => {
    setSigned(undefined);
    setShown(undefined);
  };
  const prepare = (): void => {
    setTried(true);
    forget();
    if (!isFilled) return;
    preparing.start(async () => {
      const content = await hashOfChosen(party, file);
      const undoing = { what, handle, content, reason: reason.trim(), second: second.address };
      setShown(await prepareUndoing(party, { ...undoing, within: WITHIN }));
    });
  };
  return (
    <details className={panelLook['aside']} open={draft.kept !== undefined}>
      <summary>{say('vital.undo')}</summary>
      <p>{say('vital.undo-means')}</p>
      <KeptDraft draft={draft} hasFile />
      <FileField
        label={say('vital.evidence')}
        hint={say('vital.sealed')}
        file={file}
        onChange={(chosen) => {
          forget();
          setFile(chosen);
        }}
      />
      <TextField
        label={say('vital.reason')}
        value={reason}
        maxLength={96}
        onChange={(text) => {
          forget();
          draft.change({ reason: text });
        }}
      />
      <ChoosePeople
        session={session}
        fields={[
          {
            label: say('vital.second'),
            chosen: second,
            onChange: (chosen) => {
              forget();
              draft.change({ second: personTyped(chosen) });
            },
          },
        ]}
      />
      {tried && !isFilled && <Notice kind="bad" title={say('vital.undo-missing')} />}
      <p className="row">
        <Button kind="main" busy={preparing.busy} onClick={prepare}>
          {say('common.next')}
        </Button>
      </p>
      <Awaiting on={preparing} what={say('vital.looking')} Refused={VitalFailure} />
      {shown !== undefined && shown.second === second?.address && signed === undefined && (
        <SignSheet
          session={session}
          wanted={[shown]}
          others={{ to: [shown.second], charts: [shown.handle] }}
          isDanger
          act={say('vital.undo-sign')}
          waits={say('vital.waiting')}
          run={async (reviewed) => {
            setSigned(signUndoing(party, reviewed));
            await Promise.resolve();
          }}
        >
          <UndoingInWords session={session} message={shown} />
        </SignSheet>
      )}
      {signed !== undefined && (
        <ToHandOver
          title={say('vital.undo-signed', { who: second?.name ?? '' })}
          signed={signed}
          file="undo.json"
          onSaved={() => {
            if (reason.trim() === signed.message.terms.reason) void draft.drop();
          }}
        />
      )}
    </details>
  );
}

/** Properties of `AgreeToUndo`. */
export interface AgreeToUndoProps {
  readonly session: Session;
}

/** Signs, as the second of two, that a birth or a death was recorded by mistake, and undoes it. */
export function AgreeToUndo({ session }: AgreeToUndoProps): ReactNode {
  const { say } = useWords();
  const [given, setGiven] = useState<Signed<'UndoVital'>>();
  return (
    <details className={panelLook['aside']}>
      <summary>{say('vital.agree')}</summary>
      <TakeHanded
        session={session}
        parse={(text, refuse) => parseJsonOf(UNDOING, text, refuse)}
        says={{
          file: say('vital.agree-file'),
          read: say('vital.agree-read'),
          unfit: say('vital.agree-unfit'),
        }}
        onTaken={setGiven}
      />
      {given !== undefined && <Given key={given.signature} session={session} signed={given} />}
    </details>
  );
}

function RefusedOrLate({ error }: { readonly error: unknown }): ReactNode {
  const { say } = useWords();
  return isMedsealError(error, 'REQUEST_LATE') ? (
    <Failure error={error} title={say('vital.agree-late')} />
  ) : (
    <VitalFailure error={error} />
  );
}

interface GivenProps extends AgreeToUndoProps {
  readonly signed: Signed<'UndoVital'>;
}

function Given({ session, signed }: GivenProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const { first, second, handle } = signed.message;
  const nameOf = useNames(session, [second]);
  const [done, setDone] = useState(false);
  const isMine = second === party.address;
  const words = <UndoingInWords session={session} message={signed.message} />;
  if (done) return <Notice kind="good" title={say('vital.undone')} />;
  if (!isMine) {
    return (
      <>
        <div className={resourceCardLook['resource']}>{words}</div>
        <Notice kind="bad" title={say('vital.agree-others', { who: nameOf(second) })} />
      </>
    );
  }
  return (
    <SignSheet
      session={session}
      wanted={[signed]}
      others={{ about: [first], charts: [handle] }}
      isDanger
      act={say('vital.agree-sign')}
      waits={say('vital.waiting')}
      Refused={RefusedOrLate}
      run={async (reviewed) => {
        await undo(party, reviewed);
        setDone(true);
      }}
    >
      {words}
    </SignSheet>
  );
}
