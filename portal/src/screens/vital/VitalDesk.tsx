import { useState, type ReactNode } from 'react';
import {
  confirmDeath,
  readLife,
  registerBirth,
  reportDeath,
  type Party,
} from '../../../../src/client/index.ts';
import { bytesToHex } from '../../../../src/crypto/bytes.ts';
import type { Bytes32, Handle } from '../../../../src/protocol/ids.ts';
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
import type { ScreenProps } from '../ScreenProps.ts';
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
            <Attest session={session} handle={handle} what="birth" onDone={found.again} />
          )}
        </>
      )}
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
}

/** Signs a birth or a report of a death, with its certificate. */
function Attest({ session, handle, what, onDone }: AttestProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const [file, setFile] = useState<File>();
  const [date, setDate] = useState('');
  const [tried, setTried] = useState(false);
  const signing = useRun();
  const at = Math.floor(Date.parse(date) / 1000);
  const hasDate = what === 'birth' || (Number.isSafeInteger(at) && at >= 0);
  const attest = (): void => {
    setTried(true);
    if (file === undefined || !hasDate) return;
    signing.start(async () => {
      const content = await hashOf(party, file);
      if (what === 'birth') await registerBirth(party, { handle, content });
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

async function hashOf(party: Party, file: File): Promise<Bytes32> {
  return bytesToHex(party.primitives.sha256(new Uint8Array(await file.arrayBuffer())));
}
