import { useCallback, type ReactNode } from 'react';
import { matchRoute, useLocation, useRouter } from 'wouter';
import type { Session } from '../../session/Session.ts';
import { Later } from '../../ui/Later.tsx';
import { useWords } from '../../words/useWords.tsx';
import { isFor, SCREENS, type ScreenEntry } from '../screens.ts';
import type { ActingFrame } from './ActingFrame.tsx';

/** Properties of `AroundActing`. */
export interface AroundActingProps {
  readonly session: Session | undefined;
  readonly onSession: (session: Session) => void;
  readonly children: ReactNode;
}

/** Loads what stands around every page of somebody who acts for a patient, before any of them is drawn. */
export function AroundActing({ session, onSession, children }: AroundActingProps): ReactNode {
  const { loadAll } = useWords();
  const [path] = useLocation();
  const { parser } = useRouter();
  const load = useCallback(async (): Promise<typeof ActingFrame> => {
    await loadAll();
    return (await import('./ActingFrame.tsx')).ActingFrame;
  }, [loadAll]);
  if (session?.acting === undefined) return children;
  const { acting } = session;
  const here = SCREENS.filter((screen: ScreenEntry) => matchRoute(parser, screen.path, path)[0]);
  const isRefused = here.length > 0 && !here.some((screen) => isFor(screen, session));
  return (
    <Later key={acting.mandate.key} load={load}>
      {(Around) => (
        <Around session={{ ...session, acting }} onSession={onSession} isRefused={isRefused}>
          {children}
        </Around>
      )}
    </Later>
  );
}
