import {
  examineAudit,
  recallAudit,
  sumUpAudit,
  type Audit,
  type KeptAudit,
} from '../../../src/client/index.ts';
import type { LogName } from '../../../src/protocol/ids.ts';
import { atSessionEnd } from './atSessionEnd.ts';
import { keepAuditHere } from './keepAuditHere.ts';
import type { Session } from './Session.ts';

/** The audits of a session. */
interface Audits {
  /** The one that was asked for last, or the one before if that failed. */
  readonly asked?: Promise<Audit>;
  /** The last one that is done. */
  readonly done?: Audit;
  /** The one that the device kept before the session. */
  readonly kept?: Promise<KeptAudit | undefined>;
  /** Everything that is proven, where the next one goes on. */
  readonly ground?: Promise<KeptAudit | undefined>;
}

const audits = new WeakMap<Session['party'], Audits>();

/** Part of an audit that is done. */
export interface AuditProgress {
  readonly log: LogName;
  /** Number of new entries of the log that are checked. */
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

/** Returns the last audit of this session that is done, if there is one. */
export function lastAudit(party: Session['party']): Audit | undefined {
  return audits.get(party)?.done;
}

/** Returns the audit that this device kept before the session: what to show until there is another, and where that goes on. */
export async function keptAudit(party: Session['party']): Promise<KeptAudit | undefined> {
  const known = audits.get(party)?.kept;
  if (known !== undefined) return await known;
  const kept = recallAudit(party);
  set(party, { kept });
  return await kept;
}

/**
 * Returns the last audit of this session, or asks for one, which becomes an event of the patient's chart. It asks the node for entries
 * that are new to this device.
 *
 * @param session - The patient.
 * @param wanted - `fresh`: ask again. `whole`: with every older line, if this device kept the newest ones alone.
 * @throws MedsealError what `examineAudit` throws.
 */
export async function auditIn({ party }: Session, wanted?: 'fresh' | 'whole'): Promise<Audit> {
  const known = audits.get(party)?.asked;
  if (known !== undefined && wanted !== 'fresh') {
    const audit = await known;
    if (wanted === undefined || olderLines(audit) === 0) return audit;
  }
  const asked = auditAfter(party, known, wanted === 'whole');
  set(party, { asked });
  asked.then(
    (done) => set(party, { done }),
    () => {
      if (audits.get(party)?.asked !== asked) return;
      const { asked: _, ...rest } = audits.get(party) ?? {};
      // The one before is still true of its time.
      audits.set(party, known === undefined ? rest : { ...rest, asked: known });
    },
  );
  return await asked;
}

/** Number of lines that are proven, and not among those of an audit. */
export function olderLines({ logs }: Audit): number {
  return logs.reduce((sum, { older = 0 }) => sum + older, 0);
}

function set(party: Session['party'], change: Audits): void {
  audits.set(party, { ...audits.get(party), ...change });
  atSessionEnd(party, forget);
}

function forget(party: Session['party']): void {
  audits.delete(party);
  progress.delete(party);
}

async function auditAfter(
  party: Session['party'],
  known: Promise<Audit> | undefined,
  isWhole: boolean,
): Promise<Audit> {
  await known?.catch(() => undefined);
  const kept = (await audits.get(party)?.ground) ?? (await keptAudit(party));
  const tell = (now?: AuditProgress): void => {
    if (now === undefined) progress.delete(party);
    else progress.set(party, now);
    for (const each of followers) each();
  };
  try {
    const audit = await examineAudit(party, {
      kept,
      onlyNew: !isWhole,
      onExamined: (log, done, of) => {
        const before = progress.get(party);
        // A screen reader reads each aloud.
        const step = Math.floor((STEPS * done) / of);
        const isNext = before?.log !== log || step > Math.floor((STEPS * before.done) / of);
        if (isNext) tell({ log, done, of });
      },
    });
    const ground = sumUpAudit(party, audit);
    set(party, { ground: ground.then((next) => next ?? kept) });
    keepAuditHere(party, audit, ground);
    return audit;
  } finally {
    tell();
  }
}
