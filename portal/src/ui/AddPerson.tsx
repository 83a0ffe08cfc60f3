import { useState, type ReactNode } from 'react';
import { confirmContact, parseContactCard } from '../../../src/client/index.ts';
import { isNameTaken } from '../session/isNameTaken.ts';
import { keepPerson, readPeople, type Person } from '../session/people.ts';
import type { Session } from '../session/Session.ts';
import { useRun } from '../session/useRun.ts';
import { useWords } from '../words/useWords.tsx';
import { Button } from './Button.tsx';
import { TextField } from './TextField.tsx';
import { Failure } from './Failure.tsx';
import { Pending } from './Pending.tsx';

/** Properties of `AddPerson`. */
export interface AddPersonProps {
  readonly session: Session;
  readonly onAdded: (contact: Person) => void;
  /** True if it is shown without being asked for. */
  readonly isOpen?: boolean;
}

/** Takes somebody's card, compares it with what the quorum confirms, and keeps the person under a name. */
export function AddPerson({ session, onAdded, isOpen = false }: AddPersonProps): ReactNode {
  const { say } = useWords();
  const [card, setCard] = useState('');
  const [name, setName] = useState('');
  const [tried, setTried] = useState(false);
  const [isTaken, setTaken] = useState(false);
  const adding = useRun();
  const add = (): void => {
    setTried(true);
    setTaken(false);
    if (card.trim() === '' || name.trim() === '') return;
    adding.start(async () => {
      const parsed = parseContactCard(card);
      const { party: address, handle } = await confirmContact(session.party, parsed);
      const contact = { address, name: name.trim(), ...(handle && { handle }) };
      if (isNameTaken(await readPeople(session.party), contact)) {
        setTaken(true);
        return;
      }
      await keepPerson(session.party, contact);
      setCard('');
      setName('');
      setTried(false);
      onAdded(contact);
    });
  };
  const nameFault =
    tried && name.trim() === ''
      ? say('common.name-missing')
      : isTaken
        ? say('common.name-taken')
        : undefined;
  return (
    <details className="aside" open={isOpen}>
      <summary>{say('common.add-contact')}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <p>{say('common.card-lead')}</p>
        <TextField
          label={say('common.card')}
          value={card}
          autoComplete="off"
          spellCheck={false}
          error={tried && card.trim() === '' ? say('common.card-missing') : undefined}
          onChange={setCard}
        />
        <TextField
          label={say('common.contact-name')}
          value={name}
          maxLength={80}
          autoComplete="off"
          error={nameFault}
          onChange={(typed) => {
            setTaken(false);
            setName(typed);
          }}
        />
        {adding.error !== undefined && <Failure error={adding.error} />}
        {adding.busy && <Pending what={say('common.comparing')} />}
        <Button type="submit" busy={adding.busy}>
          {say('common.keep-contact')}
        </Button>
      </form>
    </details>
  );
}
