import { useState, type ReactNode } from 'react';
import { registerBirth, reportDeath, type Party } from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import { parseJsonOf } from '../../../../src/protocol/wire/parseJsonOf.ts';
import type { Signed } from '../../../../src/protocol/struct/requests.ts';
import { signedShape } from '../../../../src/protocol/shapes/messageShape.ts';
import type { Birth, Death } from '../../../../src/protocol/care/vitalRecords.ts';
import type { Vital } from '../../../../src/protocol/struct/vitalTypes.ts';
import { readPeople } from '../../session/people.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { FileField } from '../../ui/FileField.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
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

/** A report as it is signed. */
interface Report extends Pick<AttestVitalProps, 'what' | 'handle' | 'onHanded'> {
  /** The certificate. */
  readonly file: File;
  /** Day of a death, in seconds since 1970. */
  readonly at: number;
  readonly link?: Signed<'BirthLink'>;
}

const attest = afterReview(async (party: Party, report: Report) => {
  const { what, handle, file, at, link, onHanded } = report;
  const content = await hashOfChosen(party, file);
  const named = link && { link };
  // Without the report nobody can confirm it, nor show a birth later.
  const keep = async (signed: Birth | Death): Promise<void> => {
    onHanded(what === 'birth' ? { birth: signed, ...named } : signed);
    await Promise.resolve();
  };
  if (what === 'birth') await registerBirth(party, { handle, content, keep, ...named });
  else await reportDeath(party, { handle, content, at, keep });
});

/** Signs the report of a birth or of a death, with its certificate. */
export function AttestVital({
  session,
  handle,
  what,
  onHanded,
  onDone,
}: AttestVitalProps): ReactNode {
  const { say, day } = useWords();
  const { party } = session;
  const [file, setFile] = useState<File>();
  const [mother, setMother] = useState<File>();
  const [date, setDate] = useState('');
  const [tried, setTried] = useState(false);
  const permitted = useTask(async () => {
    return mother && (await permissionIn(mother, party, handle));
  }, [mother, party, handle]);
  const link = permitted.state === 'done' ? permitted.value : undefined;
  const nameOf = useNames(session, link === undefined ? [] : [link.party]);
  const at = Math.floor(Date.parse(date) / 1000);
  const hasDate = what === 'birth' || (Number.isSafeInteger(at) && at >= 0);
  const people = useTask(async () => await readPeople(party), [party]);
  const known = people.state === 'done' ? people.value : [];
  const who = known.find((each) => each.handle === handle)?.name ?? `${handle.slice(0, 10)}…`;
  const isFilled = file !== undefined && hasDate && permitted.state === 'done';
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
      <Awaiting on={permitted} title={say('vital.mother-unfit')} />
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
      <SignSheet
        session={session}
        level={3}
        wanted={
          isFilled ? [{ what, handle, file, at, onHanded, ...(link && { link }) }] : undefined
        }
        others={{ charts: [handle], about: link === undefined ? [] : [link.party] }}
        act={say(`vital.sign-${what}`)}
        waits={say('vital.waiting')}
        Refused={VitalFailure}
        onMissing={() => setTried(true)}
        run={async (reviewed) => {
          await attest(party, reviewed);
          onDone();
        }}
      >
        <p>
          {what === 'death'
            ? say('vital.report-died', { who: visibleText(who), when: hasDate ? day(at) : '' })
            : say('vital.report-born', { who: visibleText(who) })}
        </p>
        {link !== undefined && <p>{say('vital.report-mother', { who: nameOf(link.party) })}</p>}
        <p>{say('vital.certificate-file', { name: visibleText(file?.name ?? '') })}</p>
      </SignSheet>
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
