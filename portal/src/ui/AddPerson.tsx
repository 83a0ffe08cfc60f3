import { useState, type ReactNode } from 'react';
import {
  confirmContact,
  isMedsealError,
  parseContactCard,
  type ContactCard,
} from '../../../src/client/index.ts';
import { isNameTaken } from '../session/isNameTaken.ts';
import { keepPerson, readPeople, type Person } from '../session/people.ts';
import type { Session } from '../session/Session.ts';
import { useRun } from '../session/useRun.ts';
import { useTask } from '../session/useTask.ts';
import { useWords } from '../words/useWords.tsx';
import { Awaiting } from './Awaiting.tsx';
import { Button } from './Button.tsx';
import { ScanCode } from './ScanCode.tsx';
import { TextField } from './TextField.tsx';
import { RoleText } from './RoleText.tsx';
import panelLook from './Panel.module.css';

/** Properties of `AddPerson`. */
export interface AddPersonProps {
  readonly session: Session;
  readonly onAdded: (contact: Person) => void;
  /** True if it is shown without being asked for. */
  readonly isOpen?: boolean;
}

/** Takes somebody's card, says which role the quorum confirms of it, and keeps the person under a name. */
export function AddPerson({ session, onAdded, isOpen = false }: AddPersonProps): ReactNode {
  const { say } = useWords();
  const [card, setCard] = useState('');
  const [name, setName] = useState('');
  const [tried, setTried] = useState(false);
  const [isTaken, setTaken] = useState(false);
  const adding = useRun();
  // The role is on the screen before anything is kept, and what is kept is the card that was compared.
  const compared = useTask(async () => {
    const parsed = cardIn(card);
    return parsed && (await confirmContact(session.party, parsed));
  }, [session, card]);
  const facts = compared.state === 'done' ? compared.value : undefined;
  const isCard = cardIn(card) !== undefined;
  const isComparing = compared.state === 'working' && isCard;
  const add = (): void => {
    setTried(true);
    setTaken(false);
    if (!isCard || name.trim() === '' || isComparing) return;
    if (facts === undefined) {
      compared.again();
      return;
    }
    adding.start(async () => {
      const { party: address, handle } = facts;
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
  const cardFault =
    !tried || isCard
      ? undefined
      : say(card.trim() === '' ? 'common.card-missing' : 'errors.CARD_INVALID');
  const nameFault =
    tried && name.trim() === ''
      ? say('common.name-missing')
      : isTaken
        ? say('common.name-taken')
        : undefined;
  return (
    <details className={panelLook['aside']} open={isOpen}>
      <summary>{say('common.add-contact')}</summary>
      <p>{say('common.card-lead')}</p>
      <ScanCode session={session} kinds={['card']} onText={setCard} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <TextField
          label={say('common.card')}
          value={card}
          autoComplete="off"
          spellCheck={false}
          error={cardFault}
          onChange={setCard}
        />
        <Awaiting
          on={compared}
          what={isCard && say('common.comparing')}
          title={
            compared.state === 'failed' && isMedsealError(compared.error, 'PARTY_UNKNOWN')
              ? say('common.card-unknown')
              : undefined
          }
        />
        {facts !== undefined && <RoleText facts={facts} />}
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
        <Awaiting on={adding} />
        <Button type="submit" busy={adding.busy || isComparing}>
          {say('common.keep-contact')}
        </Button>
      </form>
    </details>
  );
}

/** The card in a text; undefined while somebody types it, and for any other text. */
function cardIn(text: string): ContactCard | undefined {
  try {
    return parseContactCard(text);
  } catch (error) {
    if (isMedsealError(error, 'CARD_INVALID')) return undefined;
    throw error;
  }
}
