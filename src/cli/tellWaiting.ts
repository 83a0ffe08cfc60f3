import type { AuditOptions } from '../client/audit/examineListed.ts';
import { describeMoment } from './describeBody.ts';
import type { Terminal } from './terminal/Terminal.ts';

/**
 * Shows, while an audit waits for a log to be checkpointed over it, the log and the longest wait.
 *
 * @param terminal - Shows it.
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
