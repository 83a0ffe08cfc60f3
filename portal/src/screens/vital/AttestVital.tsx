import { useState, type ReactNode } from 'react';
import { registerBirth, reportDeath, type Party } from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import { parseJsonOf } from '../../../../src/protocol/wire/parseJsonOf.ts';
import type { Signed } from '../../../../src/protocol/struct/requests.ts';
import { signedShape } from '../../../../src/protocol/shapes/messageShape.ts';
import type { Birth, Death } from '../../../../src/protocol/care/vitalRecords.ts';
import type { Vital } from '../../../../src/protocol/struct/vitalTypes.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { FileField } from '../../ui/FileField.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { textHanded } from '../prescriptions/textHanded.ts';
import { hashOfChosen } from './hashOfChosen.ts';
import { VitalFailure } from './VitalFailure.tsx';

/** Properties of `AttestVital`. */
export interface AttestVitalProps {
  readonly session: Session;
  /** The patient. */
  readonly handle: Handle;
  readonly what: Vital;
  /** Takes the report, for whoever confirms it, before the ledger has it. */
  readonly onHanded: (report: object) => void;
  readonly onDone: () => void;
}

/** Signs the report of a birth or of a death, with its certificate. */
export function AttestVital({
  session,
  handle,
  what,
  onHanded,
  onDone,
}: AttestVitalProps): ReactNode {
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
      // Without the report nobody can confirm it, nor show a birth later.
      const keep = async (report: Birth | Death): Promise<void> => {
        onHanded(what === 'birth' ? { birth: report, ...named } : report);
        await Promise.resolve();
      };
      if (what === 'birth') await registerBirth(party, { handle, content, keep, ...named });
      else await reportDeath(party, { handle, content, at, keep });
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
