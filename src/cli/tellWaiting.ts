import type { AuditOptions } from '../client/examineAudit.ts';
import { describeMoment } from './describeBody.ts';
import type { Terminal } from './terminal/Terminal.ts';

/**
 * Tells, while an audit waits for a log to be checkpointed over it, for what it waits, and how long at most.
 *
 * @param terminal - Where it is said.
 */
export function tellWaiting({
  progress,
}: Pick<Terminal, 'progress'>): Required<Pick<AuditOptions, 'onWait'>> {
  return {
    onWait: (log, until) => {
      progress.stage(`waiting for ${log} to be checkpointed, until ${describeMoment(until)}`);
    },
  };
}
