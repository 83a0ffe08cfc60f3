import { useState, type ReactNode } from 'react';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { parseFhirJson } from '../../../../src/fhir/parseFhirJson.ts';
import type { ConsentRead } from '../../../../src/fhir/rightsOfConsent.ts';
import { rightsOfConsents } from '../../../../src/fhir/rightsOfConsents.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import type { Address } from '../../../../src/protocol/ids.ts';
import { readPeople } from '../../session/people.ts';
import type { Session } from '../../session/Session.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choices } from '../../ui/Choices.tsx';
import { FileField } from '../../ui/FileField.tsx';
import { List } from '../../ui/List.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ChooseUntil } from '../share/ChooseUntil.tsx';
import { untilChosen, type PeriodChosen } from '../share/untilChosen.ts';
import { ConsentedRights } from './ConsentedRights.tsx';
import { namesInConsents } from './namesInConsents.ts';
import fieldLook from '../../ui/Field.module.css';

/** Largest file of Consents in bytes. */
const LARGEST = 2 ** 20;

/** Properties of `ReadConsent`. */
export interface ReadConsentProps {
  readonly session: Session;
}

/**
 * Reads rights from a Consent of FHIR: the person says whom its names mean, and sees in words what it comes to before
 * anything is signed. A Consent that no right can say is refused with the path of each element that is to blame.
 */
export function ReadConsent({ session }: ReadConsentProps): ReactNode {
  const { say } = useWords();
  const { party, handle = '0x' } = session;
  const [file, setFile] = useState<File>();
  const [mine, setMine] = useState<readonly string[]>([]);
  const [actors, setActors] = useState<Readonly<Record<string, Address>>>({});
  const [everybody, setEverybody] = useState<readonly Address[]>([]);
  const [period, setPeriod] = useState<PeriodChosen>({ period: 'month', date: '' });
  const [read, setRead] = useState<ConsentRead>();
  const given = useTask(async () => {
    if (file === undefined) return undefined;
    const value = await parsed(file);
    return { value, names: namesInConsents(value), people: await readPeople(party) };
  }, [file, party]);
  const found = given.state === 'done' ? given.value : undefined;
  const parties = found?.people.filter((each) => each.handle === undefined) ?? [];
  const show = (): void => {
    if (found === undefined) return;
    const at = seconds(party.clock);
    const until = untilChosen(period, at);
    const reading = { handle, at, patientNames: mine, actors, everybody };
    setRead(rightsOfConsents(found.value, { ...reading, ...(until > at && { until }) }));
  };
  /** An answer is about the choices that it was made from. */
  const changing =
    <Value,>(set: (value: Value) => void) =>
    (value: Value): void => {
      setRead(undefined);
      set(value);
    };
  return (
    <section>
      <h2>{say('exchange.import')}</h2>
      <p>{say('exchange.import-means')}</p>
      <FileField label={say('exchange.file')} file={file} onChange={changing(setFile)} />
      <Awaiting on={given} />
      {found !== undefined && (
        <>
          {found.names.patients.length > 0 && (
            <Choices
              legend={say('exchange.mine')}
              choices={found.names.patients.map((value) => ({
                value,
                label: visibleText(value, 120),
              }))}
              chosen={mine}
              onChange={changing(setMine)}
            />
          )}
          {found.names.actors.map((name) => (
            <p key={name} className={fieldLook['field']}>
              <label>
                {say('exchange.whose', { name: visibleText(name, 120) })}{' '}
                <select
                  value={actors[name] ?? ''}
                  onChange={({ target }) => {
                    const { [name]: _before, ...others } = actors;
                    const who = target.value as Address | '';
                    changing(setActors)(who === '' ? others : { ...others, [name]: who });
                  }}
                >
                  <option value="">{say('exchange.nobody')}</option>
                  {parties.map((each) => (
                    <option key={each.address} value={each.address}>
                      {each.name}
                    </option>
                  ))}
                </select>
              </label>
            </p>
          ))}
          {found.names.isForEverybody && (
            <Choices
              legend={say('exchange.everybody')}
              choices={parties.map(({ address, name }) => ({ value: address, label: name }))}
              chosen={everybody}
              onChange={changing(setEverybody)}
            />
          )}
          <p>{say('exchange.until')}</p>
          <ChooseUntil chosen={period} onChange={changing(setPeriod)} busy={false} />
          <p className="row">
            <Button kind="main" onClick={show}>
              {say('exchange.show')}
            </Button>
          </p>
        </>
      )}
      {read !== undefined && 'outcome' in read && (
        <Notice kind="bad" title={say('exchange.refused')}>
          <List look="text" items={read.outcome.issue} keyOf={(_, place) => place}>
            {({ expression = [], diagnostics = '' }) => (
              <>
                <code>{visibleText(expression.join(', '), 300)}</code>: {visibleText(diagnostics)}
              </>
            )}
          </List>
        </Notice>
      )}
      {read !== undefined && 'rights' in read && (
        <ConsentedRights session={session} rights={read.rights} notes={read.notes} />
      )}
    </section>
  );
}

async function parsed(file: File): Promise<unknown> {
  if (file.size > LARGEST) {
    throw new MedsealError('FHIR_INVALID', { reason: 'a file of Consents has at most 1 MiB' });
  }
  return parseFhirJson(new Uint8Array(await file.arrayBuffer()));
}
