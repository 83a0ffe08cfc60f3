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
  /** Has the one that was asked for ahead go on. */
  readonly goOn?: () => void;
  /** Everything that is proven, where the next one goes on. */
  readonly ground?: Promise<KeptAudit | undefined>;
}

const audits = new WeakMap<Session['party'], Audits>();

/** A patient's session, which may not be open yet. */
export type AuditSession = Pick<Session, 'party' | 'handle'>;

/** An audit that is asked for. */
interface AuditWanted {
  readonly handle: AuditSession['handle'] | undefined;
  /** The one that was asked for before. */
  readonly known: Promise<Audit> | undefined;
  readonly isWhole: boolean;
  /** Until then nobody is asked for its entries. */
  readonly after?: Promise<void>;
}

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
export async function auditIn(
  { party, handle }: AuditSession,
  wanted?: 'fresh' | 'whole',
): Promise<Audit> {
  audits.get(party)?.goOn?.();
  const known = audits.get(party)?.asked;
  if (known !== undefined && wanted !== 'fresh') {
    const audit = await known;
    if (wanted === undefined || olderLines(audit) === 0) return audit;
  }
  return await noted(party, { handle, known, isWhole: wanted === 'whole' });
}

/**
 * Asks for the first audit of a session that is about to open: its checkpoint takes as long as that. Entries are asked for and
 * examined once a screen wants it. If it fails, the screen asks again, and says why that fails.
 *
 * @param session - The patient.
 */
export function askAuditAhead({ party, handle }: AuditSession): void {
  if (audits.get(party)?.asked !== undefined) return;
  const { promise: after, resolve: goOn } = Promise.withResolvers<void>();
  noted(party, { handle, known: undefined, isWhole: false, after }).catch(() => undefined);
  set(party, { goOn });
}

/** Asks for an audit, and notes what becomes of it. */
async function noted(party: Session['party'], wanted: AuditWanted): Promise<Audit> {
  const { known } = wanted;
  const asked = auditAfter(party, wanted);
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
  { handle, known, isWhole, after }: AuditWanted,
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
      ...(handle !== undefined && { handle }),
      ...(after && { after }),
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
