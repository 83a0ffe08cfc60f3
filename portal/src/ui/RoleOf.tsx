import type { ReactNode } from 'react';
import { confirmFacts } from '../../../src/client/index.ts';
import type { Address } from '../../../src/protocol/ids.ts';
import type { Session } from '../session/Session.ts';
import { useTask } from '../session/useTask.ts';
import { Failure } from './Failure.tsx';
import { RoleText } from './RoleText.tsx';

/** Properties of `RoleOf`. */
export interface RoleOfProps {
  readonly session: Session;
  readonly party: Address;
}

/** Role and organisation of a party as the quorum confirms them, beside the name that the person chose for it. */
export function RoleOf({ session, party }: RoleOfProps): ReactNode {
  const found = useTask(async () => {
    const { party: facts } = await confirmFacts(session.party, { party });
    return { party, facts };
  }, [session, party]);
  if (found.state === 'failed') return <Failure error={found.error} again={found.again} />;
  if (found.state !== 'done' || found.value.party !== party) return null;
  const { facts } = found.value;
  return facts === undefined ? null : <RoleText facts={facts} />;
}
