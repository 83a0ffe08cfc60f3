import { useCallback, useEffect, useRef, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { followRefusals, stillActs } from '../../session/actHere.ts';
import type { ActingHere, Session } from '../../session/Session.ts';
import { watchNews } from '../../session/watchNews.ts';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { initialsOf } from '../../ui/initialsOf.ts';
import { Page } from '../../ui/Page.tsx';
import { useTitle } from '../../ui/useTitle.ts';
import { useWords } from '../../words/useWords.tsx';
import classes from './ActingFrame.module.css';

/** Properties of `ActingFrame`. */
export interface ActingFrameProps {
  readonly session: Session & { readonly acting: ActingHere };
  readonly onSession: (session: Session) => void;
  /** True for a path of a screen that a mandate gives nothing for. */
  readonly isRefused: boolean;
  readonly children: ReactNode;
}

/**
 * Stands around every page while somebody acts for a patient: says so, leads back, and asks whether the mandate still holds. Once it
 * does not, nothing of the chart is shown.
 */
export function ActingFrame(props: ActingFrameProps): ReactNode {
  const { session, onSession, isRefused, children } = props;
  const { say, day } = useWords();
  const [path, go] = useLocation();
  const { acting, called } = session;
  const { own, mandate, isOver = false } = acting;
  useTitle('acting', initialsOf(called));
  const latest = useRef(session);
  useEffect(() => {
    latest.current = session;
  }, [session]);
  const look = useCallback(async () => {
    const { current } = latest;
    if (current.acting.isOver !== true && !(await stillActs(current))) {
      onSession({ ...current, acting: { ...current.acting, isOver: true } });
    }
  }, [onSession]);
  useEffect(() => {
    const watch = watchNews({
      after: (milliseconds, run) => own.party.clock.after(milliseconds, run),
      isSeen: () => !document.hidden,
      take: look,
    });
    const end = followRefusals(session, watch.look);
    document.addEventListener('visibilitychange', watch.look);
    return () => {
      document.removeEventListener('visibilitychange', watch.look);
      end();
      watch.end();
    };
  }, [session.party, own, look]);
  useEffect(() => {
    // Without an answer the next look asks again.
    void look().catch(() => undefined);
  }, [path, look]);
  const leave = (): void => {
    onSession(own);
    go('/family');
  };
  return (
    <>
      <section className={classes['band']} aria-label={say('family.acting-for', { who: called })}>
        <Icon name="users-round" />
        <p>
          <strong>{say('family.acting-for', { who: called })}</strong>{' '}
          {say('family.until', { until: day(mandate.terms.until) })}
        </p>
        <Button onClick={leave}>{say('family.back', { who: own.called })}</Button>
      </section>
      {isOver && (
        <Page title={say('family.over')} lead={say('family.over-lead', { who: called })}>
          <Button kind="main" onClick={leave}>
            {say('family.back', { who: own.called })}
          </Button>
        </Page>
      )}
      {!isOver && isRefused && (
        <Page title={say('family.not')} lead={say('family.not-lead', { who: called })}>
          <Button onClick={() => go('/home')}>{say('family.health', { who: called })}</Button>
        </Page>
      )}
      {!isOver && !isRefused && children}
    </>
  );
}
