import { useSyncExternalStore, type ReactNode } from 'react';
import { followAudits, progressOfAudit } from '../session/audits.ts';
import type { Session } from '../session/Session.ts';
import { useWords } from '../words/useWords.tsx';
import { Pending } from './Pending.tsx';

/** Properties of `PendingAudit`. */
export interface PendingAuditProps {
  readonly session: Session;
}

/** Says that the patient's first audit is under way, and how far: thousands of lines take a minute. */
export function PendingAudit({ session }: PendingAuditProps): ReactNode {
  const { say } = useWords();
  const now = useSyncExternalStore(followAudits, () => progressOfAudit(session.party));
  if (now === undefined) return <Pending what={say('evidence.reading')} />;
  const { log, done, of } = now;
  const [, organisation = log] = log.split('/');
  return <Pending what={say('evidence.checking', { count: of, organisation })} done={done / of} />;
}
