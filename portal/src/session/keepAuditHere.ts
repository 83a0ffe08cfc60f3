import { faultsOf, keepAudit, type Audit, type KeptAudit } from '../../../src/client/index.ts';
import { atSessionEnd } from './atSessionEnd.ts';
import type { Session } from './Session.ts';

/** Milliseconds between two times that an audit is kept: a wearable has a new one each ten seconds, of a megabyte. */
const PAUSE = 60_000;

/** An audit that was summed up. */
type SummedUp = Promise<KeptAudit | undefined>;

/** A pause of a session. */
interface Keeping {
  /** The newest audit that waits. */
  waiting?: readonly [Audit, SummedUp];
  /** Ends the pause. */
  readonly cancel: () => void;
}

const keeping = new WeakMap<Session['party'], Keeping>();

/**
 * Keeps what an audit proved on this device, at once or a minute after the last one. Faults are noted at once. A browser without space proves all again next
 * time.
 *
 * @param party - The patient.
 * @param audit - The audit.
 * @param summary - The audit summed up.
 */
export function keepAuditHere(party: Session['party'], audit: Audit, summary: SummedUp): void {
  const open = keeping.get(party);
  // A lock within the pause must not lose them.
  if (faultsOf(audit).length > 0) {
    write(party, audit, summary);
    return;
  }
  if (open !== undefined) {
    open.waiting = [audit, summary];
    return;
  }
  const cancel = party.clock.after(PAUSE, () => {
    const { waiting } = keeping.get(party) ?? {};
    keeping.delete(party);
    if (waiting !== undefined) keepAuditHere(party, ...waiting);
  });
  keeping.set(party, { cancel });
  atSessionEnd(party, endKeeping);
  write(party, audit, summary);
}

function write(party: Session['party'], audit: Audit, summary: SummedUp): void {
  void summary.then(async (next) => await keepAudit(party, audit, next)).catch(() => undefined);
}

function endKeeping(party: Session['party']): void {
  keeping.get(party)?.cancel();
  keeping.delete(party);
}
