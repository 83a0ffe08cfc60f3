import { useState, type ReactNode } from 'react';
import {
  confirmDeath,
  readLife,
  registerBirth,
  reportDeath,
  type BirthOpened,
  type Party,
} from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import { parseJsonOf } from '../../../../src/protocol/parseJsonOf.ts';
import type { Signed } from '../../../../src/protocol/requests.ts';
import { signedShape } from '../../../../src/protocol/shapes/messageShape.ts';
import type { LifeFacts } from '../../../../src/protocol/vitalRecords.ts';
import { readPeople } from '../../session/people.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { AddPerson } from '../../ui/AddPerson.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choices } from '../../ui/Choices.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { FileField } from '../../ui/FileField.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { textHanded } from '../prescriptions/textHanded.ts';
import { ToHandOver } from '../prescriptions/ToHandOver.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { hashOfChosen } from './hashOfChosen.ts';
import { AgreeToUndo, SignUndoing } from './UndoDeath.tsx';
import { VitalFailure } from './VitalFailure.tsx';

/** A doctor or a registrar reports and confirms deaths; a registrar registers births. */
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
  const { say, moment } = useWords();
  const { party } = session;
  const found = useTask(async () => await readLife(party, handle), [party, handle]);
  const [opening, setOpening] = useState<BirthOpened>();
  const reporter = found.state === 'done' ? found.value.reporter : undefined;
  const nameOf = useNames(session, reporter === undefined ? [] : [reporter]);
  if (found.state === 'working') return <Pending what={say('vital.looking')} />;
  if (found.state === 'failed') return <Failure error={found.error} again={found.again} />;
  const life = found.value;
  const who = nameOf(life.reporter ?? '0x');
  return (
    <>
      <p className="row">
        <Button onClick={found.again}>{say('common.refresh')}</Button>
      </p>
      {life.birth !== undefined && <Notice kind="good" title={say('vital.born')} />}
      {life.birth !== undefined && opening !== undefined && (
        <ToHandOver title={say('vital.opening')} signed={opening} file="birth.json" />
      )}
      {life.state === 'reported' && <Notice kind="warn" title={say('vital.reported', { who })} />}
      {life.state === 'dead' && (
        <Notice kind="warn" title={say('vital.dead', { who, when: moment(life.since ?? 0) })} />
      )}
      {life.state === 'reported' && life.reporter !== party.address && (
        <Confirm session={session} handle={handle} life={life} onDone={found.again} />
      )}
      {life.state === 'reported' && life.reporter === party.address && (
        <p>{say('vital.waits-for-other')}</p>
      )}
      {life.state === 'living' && (
        <>
          <Attest session={session} handle={handle} what="death" onDone={found.again} />
          {session.role === 'registrar' && life.birth === undefined && (
            <Attest
              session={session}
              handle={handle}
              what="birth"
              onDone={found.again}
              onOpening={setOpening}
            />
          )}
        </>
      )}
      {life.state !== 'living' && <SignUndoing session={session} handle={handle} />}
    </>
  );
}

interface ConfirmProps extends LifeProps {
  readonly life: LifeFacts;
  readonly onDone: () => void;
}

function Confirm({ session, handle, life, onDone }: ConfirmProps): ReactNode {
  const { say } = useWords();
  const confirming = useRun();
  const { death } = life;
  const confirm = (): void => {
    if (death === undefined) return;
    confirming.start(async () => {
      await confirmDeath(session.party, { handle, death });
      onDone();
    });
  };
  return (
    <>
      <p>{say('vital.confirm-means')}</p>
      <p className="row">
        <Button kind="danger" busy={confirming.busy} onClick={confirm}>
          {say('vital.confirm')}
        </Button>
      </p>
      {confirming.busy && <Pending what={say('vital.waiting')} />}
      {confirming.error !== undefined && <VitalFailure error={confirming.error} />}
    </>
  );
}

interface AttestProps extends LifeProps {
  readonly what: 'birth' | 'death';
  readonly onDone: () => void;
  /** Takes the opening of a birth before the ledger has it. */
  readonly onOpening?: (opening: BirthOpened) => void;
}

/** Signs a birth or a report of a death, with its certificate. */
function Attest({ session, handle, what, onDone, onOpening }: AttestProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const [file, setFile] = useState<File>();
  const [mother, setMother] = useState<File>();
  const [date, setDate] = useState('');
  const [tried, setTried] = useState(false);
  const signing = useRun();
  const permitted = useTask(async () => {
    return mother && (await permissionIn(mother, party, handle));
  }, [mother, party, handle]);
  const link = permitted.state === 'done' ? permitted.value : undefined;
  const nameOf = useNames(session, link === undefined ? [] : [link.party]);
  const at = Math.floor(Date.parse(date) / 1000);
  const hasDate = what === 'birth' || (Number.isSafeInteger(at) && at >= 0);
  const attest = (): void => {
    setTried(true);
    if (file === undefined || !hasDate || permitted.state !== 'done') return;
    signing.start(async () => {
      const content = await hashOfChosen(party, file);
      const named = link && { link };
      // Without its opening nobody could show later what was registered.
      const keep = async (birth: BirthOpened['birth']): Promise<void> => {
        onOpening?.({ birth, ...named });
        await Promise.resolve();
      };
      if (what === 'birth') await registerBirth(party, { handle, content, keep, ...named });
      else await reportDeath(party, { handle, content, at });
      onDone();
    });
  };
  return (
    <section>
      <h2>{say(`vital.${what}`)}</h2>
      <p>{say(`vital.${what}-means`)}</p>
      <FileField
        label={say('vital.certificate')}
        hint={tried && file === undefined ? say('vital.certificate-missing') : say('vital.sealed')}
        file={file}
        onChange={setFile}
      />
      {what === 'birth' && (
        <FileField label={say('vital.mother')} file={mother} onChange={setMother} />
      )}
      {permitted.state === 'failed' && (
        <Failure error={permitted.error} title={say('vital.mother-unfit')} />
      )}
      {link !== undefined && <p>{say('vital.mother-named', { who: nameOf(link.party) })}</p>}
      {what === 'death' && (
        <TextField
          label={say('vital.at')}
          type="date"
          value={date}
          onChange={setDate}
          error={tried && !hasDate ? say('enter.fill-in') : undefined}
        />
      )}
      <p className="row">
        <Button kind="main" busy={signing.busy} onClick={attest}>
          {say(`vital.sign-${what}`)}
        </Button>
      </p>
      {signing.busy && <Pending what={say('vital.waiting')} />}
      {signing.error !== undefined && <VitalFailure error={signing.error} />}
    </section>
  );
}

/** The permission of a mother in a file; refused if it is not for this birth and this registrar. */
async function permissionIn(
  file: File,
  party: Party,
  handle: Handle,
): Promise<Signed<'BirthLink'>> {
  const refuse = (): MedsealError =>
    new MedsealError('ARGUMENT_INVALID', { argument: file.name, reason: 'of another birth' });
  const link = parseJsonOf(signedShape('BirthLink'), await textHanded(file, refuse), refuse);
  const { child, registrar } = link.message;
  if (child !== handle || registrar !== party.address) throw refuse();
  return link;
}
