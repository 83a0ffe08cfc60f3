import type { ReactNode } from 'react';
import { Button } from '../../ui/Button.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** Leads to asking for access and to what was asked for, and looks again for what others sent. */
export function AskLinks({ onRefresh }: { readonly onRefresh: () => void }): ReactNode {
  const { say } = useWords();
  return (
    <p className="row">
      <ButtonLink href="/ask" kind="main">
        {say('patients.ask')}
      </ButtonLink>
      <ButtonLink href="/asked">{say('patients.asked')}</ButtonLink>
      <Button onClick={onRefresh}>{say('common.refresh')}</Button>
    </p>
  );
}
