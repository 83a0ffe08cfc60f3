import { faultsOf, momentOfAudit, type Audit, type KeptAudit } from '../../../src/client/index.ts';

/** State of the proof of what happened, as a person is told. */
export interface AuditProof {
  /**
   * `proven`: by this session, without faults. `checking`: by a former session, and new lines are looked for. `away`: no node answers now.
   * `disagree`: the last audit found faults.
   */
  readonly state: 'proven' | 'checking' | 'away' | 'disagree';
  /** Of which moment that is, Unix seconds. */
  readonly at: number;
}

/** Things that are known of a patient's audits. */
export interface KnownAudits {
  /** The last one of this session that is done. */
  readonly last: Audit | undefined;
  /** The one that the device kept before. */
  readonly kept: KeptAudit | undefined;
  /** True if the node did not answer the last question. */
  readonly isAway: boolean;
}

/**
 * Returns how what is shown is proven.
 *
 * @param known - The audits.
 * @returns Undefined if nothing is known yet.
 */
export function proofOf({ last, kept, isAway }: KnownAudits): AuditProof | undefined {
  if (last !== undefined && faultsOf(last).length > 0) {
    return { state: 'disagree', at: momentOfAudit(last) };
  }
  if (last === undefined && kept?.doubted !== undefined) {
    return { state: 'disagree', at: kept.doubted };
  }
  const at = last === undefined ? kept?.at : momentOfShown(last, kept);
  if (at === undefined) return undefined;
  if (isAway) return { state: 'away', at };
  return { state: last === undefined ? 'checking' : 'proven', at };
}

/** The moment of an audit; of a log that it could not read, lines that were proven earlier are shown. */
function momentOfShown(last: Audit, kept: KeptAudit | undefined): number {
  const lost = last.logs.filter(({ checkpoint }) => checkpoint === undefined);
  const former = (last.base ?? kept)?.logs ?? [];
  const shown = former.filter(({ log }) => lost.some((each) => each.log === log));
  return Math.min(momentOfAudit(last), ...shown.map(({ at }) => at));
}

/**
 * Returns the audit that is shown: the one of this session, and of a log that could not be examined the lines that were proven before.
 *
 * @param known - The audits.
 */
export function shownAudit({ last, kept }: Pick<KnownAudits, 'last' | 'kept'>): Audit | undefined {
  if (last === undefined) return kept?.audit;
  // This session proved something newer than the device kept before it.
  const former = (last.base ?? kept)?.audit.logs.filter(({ log }) =>
    last.logs.some((each) => each.log === log && each.checkpoint === undefined),
  );
  if (former === undefined || former.length === 0) return last;
  const logs = last.logs.map((log) => {
    const before = former.find((each) => each.log === log.log);
    if (before === undefined) return log;
    const { events, older } = before;
    return { ...log, events, ...(older !== undefined && { older }) };
  });
  return { ...last, logs };
}
