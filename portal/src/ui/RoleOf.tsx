import { useContext, useEffect, type ReactNode } from 'react';
import type { Address } from '../../../src/protocol/ids.ts';
import { confirmTogether } from '../session/confirmTogether.ts';
import { lastKnown } from '../session/lastKnown.ts';
import type { Session } from '../session/Session.ts';
import { useTask } from '../session/useTask.ts';
import { useWords } from '../words/useWords.tsx';
import { Failure } from './Failure.tsx';
import { RolesOfList } from './RolesOfList.ts';
import { RoleText } from './RoleText.tsx';

/** Properties of `RoleOf`. */
export interface RoleOfProps {
  readonly session: Session;
  readonly party: Address;
}

/** Role and organisation of a party as the quorum confirms them, beside the name that the person chose for it. */
export function RoleOf({ session, party }: RoleOfProps): ReactNode {
  const { say, moment } = useWords();
  const listed = useContext(RolesOfList);
  const found = useTask(async () => {
    const ask = async () => await confirmTogether(session.party, party);
    const { value: facts, asOf } = await lastKnown(session, `role ${party}`, ask);
    return { party, facts, asOf };
  }, [session, party, listed?.round]);
  const error = found.state === 'failed' ? found.error : undefined;
  useEffect(() => {
    if (error !== undefined) listed?.report(error);
  }, [error, listed]);
  if (error !== undefined) {
    return listed === undefined && <Failure error={error} again={found.again} />;
  }
  if (found.state !== 'done' || found.value.party !== party) return null;
  const { facts, asOf } = found.value;
  if (facts === undefined) return null;
  return (
    <>
      <RoleText facts={facts} />
      {asOf !== undefined && <p className="by">{say('common.as-of', { when: moment(asOf) })}</p>}
    </>
  );
}
