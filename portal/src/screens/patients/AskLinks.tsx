import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Button } from '../../ui/Button.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Leads to asking for access and to what was asked for, and looks again for what others sent. */
export function AskLinks({ onRefresh }: { readonly onRefresh: () => void }): ReactNode {
  const { say } = useWords();
  return (
    <p className="row">
      <Link href="/ask" className="button main">
        {say('patients.ask')}
      </Link>
      <Link href="/asked" className="button plain">
        {say('patients.asked')}
      </Link>
      <Button onClick={onRefresh}>{say('common.refresh')}</Button>
    </p>
  );
}
