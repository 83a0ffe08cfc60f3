import { useCallback, useEffect, useState } from 'react';
import { visibleText } from '../../../src/errors/visibleText.ts';
import type { Address } from '../../../src/protocol/ids.ts';
import { useWords } from '../words/useWords.tsx';
import { partyFacts } from './partyFacts.ts';
import { readPeople } from './people.ts';
import type { Session } from './Session.ts';

/** Somebody who did something, as far as it is known yet. */
export interface Actor {
  /** Name that the person chose for it; absent for somebody whom the person does not know. */
  readonly name?: string;
  /** Role and organisation in words, as the quorum confirms them. */
  readonly role?: string;
}

/**
 * Finds the names of parties, and their roles and organisations. These are asked of the network in the background, once for
 * each in a session.
 *
 * @param session - The person.
 * @param parties - Parties that the screen shows.
 */
export function useActors(session: Session, parties: readonly Address[]): (of: Address) => Actor {
  const { say, sayIfKnown } = useWords();
  const { party } = session;
  const [known, setKnown] = useState<Readonly<Record<Address, Actor>>>({});
  const wanted = [...new Set(parties)].toSorted().join();
  useEffect(() => {
    let gone = false;
    const add = (of: Address, more: Actor): void => {
      if (!gone) setKnown((before) => ({ ...before, [of]: { ...before[of], ...more } }));
    };
    const find = async (): Promise<void> => {
      const people = await readPeople(party);
      const shown = wanted.split(',').filter(Boolean) as Address[];
      for (const of of shown) {
        const name = people.find(({ address }) => address === of)?.name;
        if (name !== undefined) add(of, { name: visibleText(name) });
      }
      if (gone) return;
      const others = shown.filter((of) => of !== party.address);
      for (const facts of await Promise.all(
        others.map(async (of) => await partyFacts(party, of)),
      )) {
        if (facts === undefined) continue;
        const role = sayIfKnown(`common.role-${facts.role}`) ?? visibleText(facts.role);
        const organisation = visibleText(facts.organisation);
        add(facts.party, { role: say('evidence.role-at', { role, organisation }) });
      }
    };
    // Somebody who cannot be asked for now stays the beginning of the address.
    find().catch(() => {});
    return () => {
      gone = true;
    };
  }, [party, wanted, say, sayIfKnown]);
  return useCallback(
    (of) => (of === party.address ? { name: say('common.you') } : (known[of] ?? {})),
    [known, party, say],
  );
}
