import { useId, type ReactNode } from 'react';
import { readPeople, type Person } from '../../session/people.ts';
import type { Session } from '../../session/Session.ts';
import { useTask } from '../../session/useTask.ts';
import { AddPerson } from '../../ui/AddPerson.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { RoleOf } from '../../ui/RoleOf.tsx';
import { useWords } from '../../words/useWords.tsx';
import fieldLook from '../../ui/Field.module.css';

/** A field for one of the people whom a person knows. */
export interface PersonField {
  readonly label: string;
  /** True for a patient; otherwise for one who is not. */
  readonly isPatient?: boolean;
  readonly chosen: Person | undefined;
  readonly onChange: (chosen: Person | undefined) => void;
}

function fits({ isPatient = false }: PersonField, { handle }: Person): boolean {
  return isPatient === (handle !== undefined);
}

/** Properties of `ChoosePeople`. */
export interface ChoosePeopleProps {
  readonly session: Session;
  readonly fields: readonly PersonField[];
}

/** Chooses people, each among those whom the person knows, or by a card; the roles of others than patients are confirmed. */
export function ChoosePeople({ session, fields }: ChoosePeopleProps): ReactNode {
  const { say } = useWords();
  const id = useId();
  const { party } = session;
  const people = useTask(async () => {
    return (await readPeople(party)).filter(({ address }) => address !== party.address);
  }, [party]);
  const known = people.state === 'done' ? people.value : [];
  return (
    <>
      <Awaiting on={people} />
      {fields.map((field) => {
        const { label, chosen, onChange } = field;
        return (
          <div key={label} className={fieldLook['field']}>
            <label htmlFor={`${id}-${label}`}>{label}</label>
            <select
              id={`${id}-${label}`}
              value={chosen?.address ?? ''}
              onChange={({ target }) =>
                onChange(known.find((each) => each.address === target.value))
              }
            >
              <option value="">{say('medicines.nobody')}</option>
              {known
                .filter((each) => fits(field, each))
                .map(({ address, name }) => (
                  <option key={address} value={address}>
                    {name}
                  </option>
                ))}
            </select>
            {chosen !== undefined && chosen.handle === undefined && (
              <RoleOf session={session} party={chosen.address} />
            )}
          </div>
        );
      })}
      <AddPerson
        session={session}
        onAdded={(person) => {
          fields.find((field) => fits(field, person))?.onChange(person);
          people.again();
        }}
      />
    </>
  );
}
