import type { ReactNode } from 'react';
import { forgetKey } from '../../session/forgetKey.ts';
import { useRun } from '../../session/useRun.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { useSure } from '../../ui/useSure.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { KeptKeyProps } from './KeptKeyProps.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** Removes the key from this browser, once its person says that the words are on paper. */
export function ForgetKey({ session, kept, onLock }: KeptKeyProps): ReactNode {
  const { say } = useWords();
  const sure = useSure(say('keys.forget-question'), say('keys.forget-paper'));
  const forgetting = useRun();
  const forget = (): void => {
    if (!sure.require()) return;
    forgetting.start(async () => {
      await forgetKey(session, kept);
      onLock();
    });
  };
  return (
    <Page title={say('keys.forget')} lead={say('keys.forget-about')}>
      <Notice kind="warn" title={say('keys.forget-lost')} />
      {sure.box}
      <Awaiting on={forgetting} what={say('keys.forgetting')} />
      <p className="row">
        <Button kind="danger" busy={forgetting.busy} onClick={forget}>
          {say('keys.forget-now')}
        </Button>
        <ButtonLink href="/me/keys">{say('common.back')}</ButtonLink>
      </p>
    </Page>
  );
}
