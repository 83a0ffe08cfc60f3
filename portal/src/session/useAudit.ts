import { useEffect, useMemo, useRef, useState } from 'react';
import { hasNewEvents, isMedsealError, type Audit } from '../../../src/client/index.ts';
import type { Address } from '../../../src/protocol/ids.ts';
import { proofOf, shownAudit, type AuditProof } from './AuditProof.ts';
import { auditIn, keptAudit, lastAudit, olderLines } from './audits.ts';
import { isReadingOwn } from './ownReading.ts';
import type { Session } from './Session.ts';
import { useTask } from './useTask.ts';
import { watchEvents } from './watchEvents.ts';

/** A patient's audit, as a screen shows it. */
export interface AuditShown {
  /** Everything that is known: what this device kept, until this session has its own; undefined if there is neither. */
  readonly audit: Audit | undefined;
  /** The newest audit of this session, once there is one. */
  readonly last: Audit | undefined;
  /** State of its proof; absent with it. */
  readonly proof: AuditProof | undefined;
  /** Number of lines that are proven and not among those of the audit: this device keeps the newest ones alone. */
  readonly older: number;
  /** Why there is no newer audit; undefined if the node did not answer, and something else is shown meanwhile. */
  readonly error: unknown;
  /** Audits again. */
  readonly again: () => void;
  /** Asks for the older lines too. */
  readonly askAll: () => void;
}

/**
 * Gives who did what on the patient's chart: at once what this device kept of the last audit, then the one of this session. It asks
 * again as soon as something happens elsewhere while the page is seen, or a node answers that did not.
 *
 * @param session - The patient.
 */
export function useAudit(session: Session): AuditShown {
  const { party } = session;
  const wanted = useRef<'fresh' | 'whole'>(undefined);
  const [isSilent, setSilent] = useState(false);
  const audit = useTask(async () => {
    const what = wanted.current;
    wanted.current = undefined;
    return await auditIn(session, what);
  }, [session]);
  const before = useTask(async () => await keptAudit(party), [party]);
  const { again, state } = audit;
  const current = useRef<Audit>(undefined);
  const last = state === 'done' ? audit.value : lastAudit(party);
  useEffect(() => {
    current.current = last;
  }, [last]);
  const error = state === 'failed' ? audit.error : undefined;
  const isFailed = error !== undefined;
  const isUnreached = isFailed && isAway(error);
  const isWatched = state === 'done' || isUnreached;
  useEffect(() => {
    if (!isWatched) return undefined;
    return watchEvents({
      after: (milliseconds, run) => party.clock.after(milliseconds, run),
      // One audit after the patient's own records are open shows as much as one for each set of them.
      isSeen: () => !document.hidden && !isReadingOwn(party),
      onConnected(run) {
        addEventListener('online', run);
        return () => removeEventListener('online', run);
      },
      async look() {
        if (isUnreached || current.current === undefined) return true;
        try {
          const isNew = await hasNewEvents(party, current.current);
          setSilent(false);
          return isNew;
        } catch (failure) {
          setSilent(isAway(failure));
          throw failure;
        }
      },
      async audit() {
        const known = current.current;
        const now = await auditIn(session, 'fresh');
        current.current = now;
        again();
        return known === undefined || byOthers(now, party.address) > byOthers(known, party.address);
      },
    });
  }, [session, party, isWatched, isUnreached, again]);
  const kept = before.state === 'done' ? before.value : undefined;
  const shown = useMemo(() => shownAudit({ last, kept }), [last, kept]);
  const ask = (what: 'fresh' | 'whole'): void => {
    wanted.current = what;
    again();
  };
  return {
    audit: shown,
    last,
    proof: proofOf({ last, kept, isAway: isUnreached || isSilent }),
    older: shown === undefined ? 0 : olderLines(shown),
    error: isUnreached && shown !== undefined ? undefined : error,
    again: () => ask('fresh'),
    askAll: () => ask('whole'),
  };
}

/** Tells whether a node did not answer at all. */
function isAway(error: unknown): boolean {
  return isMedsealError(error, 'PEER_UNREACHABLE');
}

/** Number of events that the patient did not cause. */
function byOthers({ logs }: Audit, party: Address): number {
  return logs.flatMap(({ events }) => events).filter(({ body }) => body?.request.party !== party)
    .length;
}
