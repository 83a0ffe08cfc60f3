import { useEffect, useRef } from 'react';
import { hasNewEvents, type Audit } from '../../../src/client/index.ts';
import { auditIn } from './audits.ts';
import type { Session } from './Session.ts';
import { useTask, type Task } from './useTask.ts';

/** Milliseconds between two questions whether something happened, so that a screen shows it within two seconds. */
const PAUSE = 700;

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
  const last = audit.state === 'done' ? audit.value : undefined;
  useEffect(() => {
    if (last === undefined) return undefined;
    let gone = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = async (): Promise<void> => {
      // A node that does not answer now is asked again.
      const isNew =
        !document.hidden && (await hasNewEvents(session.party, last).catch(() => false));
      if (gone) return;
      if (!isNew) {
        timer = setTimeout(() => void look(), PAUSE);
        return;
      }
      fresh.current = true;
      again();
    };
    timer = setTimeout(() => void look(), PAUSE);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [session.party, last, again]);
  return {
    ...audit,
    again: () => {
      fresh.current = true;
      again();
    },
  };
}
