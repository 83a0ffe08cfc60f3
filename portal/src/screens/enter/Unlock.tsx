import { useState, type ReactNode } from 'react';
import { openSession } from '../../session/openSession.ts';
import { useRun } from '../../session/useRun.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { Page } from '../../ui/Page.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { KeyChest, type KeptKey } from '../../vault/KeyChest.ts';
import { useWords } from '../../words/useWords.tsx';
import type { EnterProps } from './EnterProps.ts';

/** Properties of `Unlock`. */
export interface UnlockProps extends EnterProps {
  readonly kept: KeptKey;
  readonly onBack: () => void;
}

/** Opens a key that this browser keeps, by its passphrase. */
export function Unlock({ kept, place, onSession, onBack }: UnlockProps): ReactNode {
  const { say } = useWords();
  const [passphrase, setPassphrase] = useState('');
  const opening = useRun();
  const open = (): void =>
    opening.start(async () => {
      const seed = await new KeyChest(place.shelf).open(kept, passphrase);
      onSession(await openSession(place, seed, kept.called));
    });
  return (
    <Page title={say('enter.unlock', { name: kept.called })}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          open();
        }}
      >
        <TextField
          label={say('enter.passphrase')}
          type="password"
          autoComplete="current-password"
          value={passphrase}
          onChange={setPassphrase}
        />
        {opening.error !== undefined && <Failure error={opening.error} />}
        {opening.busy && <Pending what={say('enter.opening')} />}
        <p className="row">
          <Button kind="main" type="submit" busy={opening.busy}>
            {say('enter.open')}
          </Button>
          <Button onClick={onBack}>{say('common.back')}</Button>
        </p>
      </form>
    </Page>
  );
}
