import type { ReactNode } from 'react';
import { confirmFacts } from '../../../src/client/index.ts';
import { visibleText } from '../../../src/errors/visibleText.ts';
import type { Address } from '../../../src/protocol/ids.ts';
import type { Session } from '../session/Session.ts';
import { useTask } from '../session/useTask.ts';
import { useWords } from '../words/useWords.tsx';
import { Failure } from './Failure.tsx';

/** Properties of `RoleOf`. */
export interface RoleOfProps {
  readonly session: Session;
  readonly party: Address;
}

/** Role and organisation of a party as the quorum confirms them, beside the name that the person chose for it. */
export function RoleOf({ session, party }: RoleOfProps): ReactNode {
  const { say, sayIfKnown } = useWords();
  const found = useTask(async () => {
    const { party: facts } = await confirmFacts(session.party, { party });
    return { party, facts };
  }, [session, party]);
  if (found.state === 'failed') return <Failure error={found.error} again={found.again} />;
  if (found.state !== 'done' || found.value.party !== party) return null;
  const { facts } = found.value;
  if (facts === undefined) return null;
  const role = sayIfKnown(`common.role-${facts.role}`) ?? facts.role;
  return <p>{say('common.in-role', { role, organisation: visibleText(facts.organisation) })}</p>;
}
