import { useSyncExternalStore, type ReactNode } from 'react';
import type { AuditProof } from '../session/AuditProof.ts';
import { followAudits, progressOfAudit } from '../session/audits.ts';
import type { Session } from '../session/Session.ts';
import { useWords } from '../words/useWords.tsx';
import { Icon } from './Icon.tsx';
import type { IconName } from './iconNames.ts';
import classes from './ProofMark.module.css';

const ICONS: Readonly<Record<AuditProof['state'], IconName>> = {
  proven: 'shield-check',
  checking: 'shield-check',
  away: 'info',
  disagree: 'shield-x',
};

/** Properties of `ProofMark`. */
export interface ProofMarkProps {
  readonly session: Session;
  readonly proof: AuditProof;
  /** True if nothing is missing on the list. */
  readonly isComplete: boolean;
  /** Facts that were checked; they open at a press. */
  readonly children?: ReactNode;
}

/** One quiet line that says of which moment a list is proven, and what is under way; a screen reader reads it as it changes. */
export function ProofMark({ session, proof, isComplete, children }: ProofMarkProps): ReactNode {
  const { say, moment } = useWords();
  const { party } = session;
  const progress = useSyncExternalStore(followAudits, () => progressOfAudit(party));
  const { state, at } = proof;
  const when = moment(at);
  const text = {
    proven: say(isComplete ? 'evidence.complete-as-of' : 'evidence.proven-as-of', { when }),
    checking:
      progress === undefined
        ? say('evidence.looking-new', { when })
        : say('evidence.checking-new', { when, count: progress.of }),
    away: say('evidence.no-connection', { when }),
    disagree: say('evidence.disagree', { when }),
  }[state];
  const className = `${classes['proof']} ${classes[state] ?? ''}`;
  const line = (
    <>
      <Icon name={ICONS[state]} />
      <span role="status">{text}</span>
    </>
  );
  if (children === undefined) {
    return (
      <div className={className}>
        <div>{line}</div>
      </div>
    );
  }
  return (
    <details className={className}>
      <summary>
        {line}
        <Icon name="chevron-down" />
      </summary>
      {children}
    </details>
  );
}
