import type { ReactNode } from 'react';
import { ButtonLink } from '../../ui/ButtonLink.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `RecoveryNotice`. */
export interface RecoveryNoticeProps {
  /** First second at which the other key takes effect, Unix. */
  readonly readyAt: number;
}

/** Warns a person of a recovery of their key that is under way: they alone know whether they asked for it. */
export function RecoveryNotice({ readyAt }: RecoveryNoticeProps): ReactNode {
  const { say, moment } = useWords();
  return (
    <Notice kind="bad" title={say('keys.recovery', { at: moment(readyAt) })}>
      <p>{say('keys.recovery-stop')}</p>
      <ButtonLink href="/me/keys/change">{say('keys.change-now')}</ButtonLink>
    </Notice>
  );
}
