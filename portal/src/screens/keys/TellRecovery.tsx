import { useCallback, type ReactNode } from 'react';
import type { Session } from '../../session/Session.ts';
import { Silently } from '../../ui/Silently.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { RecoveryNotice } from './RecoveryNotice.tsx';

/** Properties of `TellRecovery`. */
export interface TellRecoveryProps {
  readonly session: Session | undefined;
}

/** Loads the warning of a recovery, for the few who need it. */
export function TellRecovery({ session }: TellRecoveryProps): ReactNode {
  const { loadAll } = useWords();
  const load = useCallback(async (): Promise<typeof RecoveryNotice> => {
    await loadAll();
    return (await import('./RecoveryNotice.tsx')).RecoveryNotice;
  }, [loadAll]);
  const readyAt = session?.endsAt;
  if (readyAt === undefined) return null;
  return (
    <Silently load={load}>{(RecoveryNotice) => <RecoveryNotice readyAt={readyAt} />}</Silently>
  );
}
