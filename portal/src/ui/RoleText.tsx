import type { ReactNode } from 'react';
import { visibleText } from '../../../src/errors/visibleText.ts';
import type { PartyFacts } from '../../../src/protocol/evidence/facts.ts';
import { useWords } from '../words/useWords.tsx';

/** Properties of `RoleText`. */
export interface RoleTextProps {
  /** As the quorum confirmed them. */
  readonly facts: Pick<PartyFacts, 'role' | 'organisation'>;
}

/** A party's role and organisation, in a sentence that says who confirms them. */
export function RoleText({ facts }: RoleTextProps): ReactNode {
  const { say, sayIfKnown } = useWords();
  const role = sayIfKnown(`common.role-${facts.role}`) ?? visibleText(facts.role);
  return <p>{say('common.in-role', { role, organisation: visibleText(facts.organisation) })}</p>;
}
