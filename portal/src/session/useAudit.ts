import { useEffect, useRef } from 'react';
import { hasNewEvents, type Audit } from '../../../src/client/index.ts';
import type { Address } from '../../../src/protocol/ids.ts';
import { auditIn } from './audits.ts';
import { isReadingOwn } from './ownReading.ts';
import type { Session } from './Session.ts';
import { useTask, type Task } from './useTask.ts';
import { watchEvents } from './watchEvents.ts';

/**
 * Gives who did what on the patient's chart, and asks again as soon as something happens elsewhere while the page is
 * seen.
 *
 * @param session - The patient.
 */
export function useAudit(session: Session): Task<Audit> {
  const fresh = useRef(false);
  const audit = useTask(async () => {
    const again = fresh.current;
    fresh.current = false;
    return await auditIn(session, again);
  }, [session]);
  const { again } = audit;
  const last = useRef<Audit>(undefined);
  const known = audit.state === 'done';
  const value = known ? audit.value : undefined;
  useEffect(() => {
    last.current = value;
  }, [value]);
  useEffect(() => {
    const { party } = session;
    if (!known) return undefined;
    return watchEvents({
      after: (milliseconds, run) => party.clock.after(milliseconds, run),
      // One audit after the patient's own records are open shows as much as one for each set of them.
      isSeen: () => !document.hidden && !isReadingOwn(party),
      look: async () => last.current !== undefined && (await hasNewEvents(party, last.current)),
      async audit() {
        const before = last.current;
        const now = await auditIn(session, true);
        last.current = now;
        again();
        return (
          before === undefined || byOthers(now, party.address) > byOthers(before, party.address)
        );
      },
    });
  }, [session, known, again]);
  return {
    ...audit,
    again: () => {
      fresh.current = true;
      again();
    },
  };
}

/** Number of events that the patient did not cause. */
function byOthers({ logs }: Audit, party: Address): number {
  return logs.flatMap(({ events }) => events).filter(({ body }) => body?.request.party !== party)
    .length;
}
