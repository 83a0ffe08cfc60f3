import { useCallback, useEffect, useState } from 'react';
import { visibleText } from '../../../src/errors/visibleText.ts';
import type { Address } from '../../../src/protocol/ids.ts';
import { useWords } from '../words/useWords.tsx';
import { partyFacts } from './partyFacts.ts';
import { readPeople } from './people.ts';
import type { Session } from './Session.ts';

/**
 * Tells how a person calls a party: the contact's name, or its role and organisation; dots while they are asked for, and the
 * beginning of its address if nobody knows them.
 */
export type NameOf = (party: Address) => string;

/**
 * Names parties for a person. Their roles are asked of the network once for each, in the background.
 *
 * @param session - The person.
 * @param parties - Parties that the screen shows.
 */
export function useNames(session: Session, parties: readonly Address[]): NameOf {
  const { say, sayIfKnown } = useWords();
  const [names, setNames] = useState<Readonly<Record<Address, string>>>({});
  const wanted = [...new Set(parties)].toSorted().join();
  /** The parties of whom all is known that can be. */
  const [asked, setAsked] = useState('');
  useEffect(() => {
    let gone = false;
    const find = async (): Promise<void> => {
      const known = await readPeople(session.party);
      const contacts = Object.fromEntries(
        known.map(({ address, name }) => [address, visibleText(name)]),
      );
      if (!gone) setNames((before) => ({ ...before, ...contacts }));
      const unknown = (wanted.split(',').filter(Boolean) as Address[]).filter(
        (party) => party !== session.party.address && contacts[party] === undefined,
      );
      // Asked in one turn, all are one question.
      const found = await Promise.all(
        unknown.map(async (party) => await partyFacts(session.party, party)),
      );
      for (const facts of found) {
        if (facts === undefined || gone) continue;
        const { party } = facts;
        const role = sayIfKnown(`common.role-${facts.role}`) ?? visibleText(facts.role);
        const organisation = visibleText(facts.organisation);
        const name = say('common.someone', { role, organisation });
        setNames((before) => ({ ...before, [party]: name }));
      }
    };
    // A name that cannot be asked for now is the beginning of the address.
    const done = (): void => void (gone || setAsked(wanted));
    find().then(done, done);
    return () => {
      gone = true;
    };
  }, [session.party, wanted]);
  return useCallback(
    (party) => {
      if (party === session.party.address) return say('common.you');
      return names[party] ?? (asked === wanted ? `${party.slice(0, 10)}…` : '…');
    },
    [names, asked, wanted, session.party, say],
  );
}
