import { useEffect, type ReactNode } from 'react';
import type { Role } from '../../../../src/protocol/vocabulary.ts';
import { peopleInRole, type PersonInRole } from '../../session/peopleInRole.ts';
import type { Session } from '../../session/Session.ts';
import { useTask } from '../../session/useTask.ts';
import { useWords } from '../../words/useWords.tsx';
import { AddPerson } from '../../ui/AddPerson.tsx';
import { Choices } from '../../ui/Choices.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';

/** Properties of `ChoosePerson`. */
export interface ChoosePersonProps {
  readonly session: Session;
  readonly legend: string;
  readonly inRole: Role;
  readonly chosen: PersonInRole | undefined;
  readonly onChange: (person: PersonInRole | undefined) => void;
  /** True once somebody asked to go on. */
  readonly tried: boolean;
}

/** Chooses one of the people whom the organisations confirm in a role, or takes another's card. */
export function ChoosePerson(props: ChoosePersonProps): ReactNode {
  const { session, legend, inRole, chosen, onChange, tried } = props;
  const { say } = useWords();
  const { party } = session;
  const found = useTask(async () => await peopleInRole(party, inRole), [party, inRole]);
  const people = found.state === 'done' ? found.value : [];
  // Somebody who was chosen in a draft may have lost the role since, and would be chosen unseen.
  const isGone =
    found.state === 'done' && people.every(({ address }) => address !== chosen?.address);
  useEffect(() => {
    if (isGone && chosen !== undefined) onChange(undefined);
  }, [isGone, chosen, onChange]);
  return (
    <>
      <Awaiting on={found} what={say('claims.asking-people')} />
      {people.length > 0 && (
        <Choices
          legend={legend}
          choices={people.map(({ address, name, organisation }) => ({
            value: address,
            label: name,
            hint: organisation,
          }))}
          chosen={chosen === undefined ? [] : [chosen.address]}
          one
          onChange={([other]) => onChange(people.find(({ address }) => address === other))}
        />
      )}
      {tried && chosen === undefined && <p className="error">{say('enter.fill-in')}</p>}
      <AddPerson
        session={session}
        onAdded={found.again}
        isOpen={found.state === 'done' && people.length === 0}
      />
    </>
  );
}
