import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { forgetKey } from '../../session/forgetKey.ts';
import { useRun } from '../../session/useRun.ts';
import { Button } from '../../ui/Button.tsx';
import { Choices } from '../../ui/Choices.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { KeptKeyProps } from './KeptKeyProps.ts';

/** Removes the key from this browser, once its person says that the words are on paper. */
export function ForgetKey({ session, kept, onLock }: KeptKeyProps): ReactNode {
  const { say } = useWords();
  const [sure, setSure] = useState<readonly 'yes'[]>([]);
  const [tried, setTried] = useState(false);
  const forgetting = useRun();
  const forget = (): void => {
    setTried(true);
    if (sure.length === 0) return;
    forgetting.start(async () => {
      await forgetKey(session, kept);
      onLock();
    });
  };
  return (
    <Page title={say('keys.forget')} lead={say('keys.forget-about')}>
      <Notice kind="warn" title={say('keys.forget-lost')} />
      <Choices
        legend={say('keys.forget-question')}
        choices={[{ value: 'yes', label: say('keys.forget-paper') }]}
        chosen={sure}
        onChange={setSure}
      />
      {tried && sure.length === 0 && (
        <p className="error" role="alert">
          {say('enter.fill-in')}
        </p>
      )}
      {forgetting.error !== undefined && <Failure error={forgetting.error} />}
      {forgetting.busy && <Pending what={say('keys.forgetting')} />}
      <p className="row">
        <Button kind="danger" busy={forgetting.busy} onClick={forget}>
          {say('keys.forget-now')}
        </Button>
        <Link href="/me/keys" className="button plain">
          {say('common.back')}
        </Link>
      </p>
    </Page>
  );
}
