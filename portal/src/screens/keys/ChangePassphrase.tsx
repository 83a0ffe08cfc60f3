import { useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useRun } from '../../session/useRun.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { KeyChest } from '../../vault/KeyChest.ts';
import { useWords } from '../../words/useWords.tsx';
import { workerScrypt } from '../../worker/workerScrypt.ts';
import { Passphrase } from '../enter/Passphrase.tsx';
import type { KeptKeyProps } from './KeptKeyProps.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** Seals the key in this browser with another passphrase. */
export function ChangePassphrase({ session, kept }: KeptKeyProps): ReactNode {
  const { say } = useWords();
  const [, go] = useLocation();
  const [before, setBefore] = useState('');
  const [done, setDone] = useState(false);
  const changing = useRun();
  const change = (after: string): void =>
    changing.start(async () => {
      const chest = new KeyChest(session.place.shelf, workerScrypt);
      await chest.changePassphrase(kept.address, before, after);
      setDone(true);
    });
  return (
    <Page title={say('keys.passphrase')} lead={say('keys.passphrase-about')}>
      {done ? (
        <>
          <Notice kind="good" title={say('keys.passphrase-changed')} />
          <p className="row">
            <ButtonLink href="/me/keys" kind="main">
              {say('common.back')}
            </ButtonLink>
          </p>
        </>
      ) : (
        <>
          <TextField
            label={say('keys.passphrase-now')}
            type="password"
            autoComplete="current-password"
            value={before}
            onChange={setBefore}
          />
          <Awaiting on={changing} what={say('enter.making')} />
          <Passphrase
            label={say('keys.passphrase')}
            busy={changing.busy}
            ready={before !== ''}
            onChosen={change}
            onBack={() => go('/me/keys')}
          />
        </>
      )}
    </Page>
  );
}
