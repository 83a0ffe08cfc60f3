import { examineAudit, type Audit } from '../../../src/client/index.ts';
import type { LogName } from '../../../src/protocol/ids.ts';
import type { Session } from './Session.ts';

const audits = new WeakMap<Session['party'], Promise<Audit>>();

/** Part of an audit that is done. */
export interface AuditProgress {
  readonly log: LogName;
  /** Number of entries of the log that are checked. */
  readonly done: number;
  readonly of: number;
}

/** Number of times that a person is told of the progress in one log. */
const STEPS = 20;

const progress = new WeakMap<Session['party'], AuditProgress>();
const followers = new Set<() => void>();

/** Returns the progress of the audit that is under way, once its entries are there. */
export function progressOfAudit(party: Session['party']): AuditProgress | undefined {
  return progress.get(party);
}

/**
 * Calls back whenever an audit has progressed.
 *
 * @returns A function that stops it.
 */
export function followAudits(onProgress: () => void): () => void {
  followers.add(onProgress);
  return () => followers.delete(onProgress);
}

/**
 * Returns the last audit of this session, or asks for one, which becomes an event of the patient's chart.
 *
 * @param session - The patient.
 * @param fresh - True to ask again.
 * @throws MedsealError what `examineAudit` throws.
 */
export async function auditIn({ party }: Session, fresh = false): Promise<Audit> {
  const known = audits.get(party);
  if (known !== undefined && !fresh) return await known;
  const asked = auditAfter(party, known);
  audits.set(party, asked);
  asked.catch(() => {
    if (audits.get(party) !== asked) return;
    // The one before is still true of its time.
    if (known === undefined) audits.delete(party);
    else audits.set(party, known);
  });
  return await asked;
}

async function auditAfter(
  party: Session['party'],
  known: Promise<Audit> | undefined,
): Promise<Audit> {
  const last = await known?.catch(() => undefined);
  const tell = (now?: AuditProgress): void => {
    if (now === undefined) progress.delete(party);
    else progress.set(party, now);
    for (const each of followers) each();
  };
  try {
    return await examineAudit(party, {
      last,
      onExamined: (log, done, of) => {
        const before = progress.get(party);
        // A screen reader reads each aloud.
        const step = Math.floor((STEPS * done) / of);
        const isNext = before?.log !== log || step > Math.floor((STEPS * before.done) / of);
        if (isNext) tell({ log, done, of });
      },
    });
  } finally {
    tell();
  }
}
