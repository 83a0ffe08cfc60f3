import { useState, type ReactNode } from 'react';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { webPorts } from '../../../../src/client/index.ts';
import { addressOfSeed } from '../../../../src/crypto/keys/addressOfSeed.ts';
import { openSession } from '../../session/openSession.ts';
import { useRun } from '../../session/useRun.ts';
import { useWhileShown } from '../../session/useWhileShown.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { Page } from '../../ui/Page.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { KeyChest, type KeptKey } from '../../vault/KeyChest.ts';
import { secretOfPasskey } from '../../vault/passkey.ts';
import { useWords } from '../../words/useWords.tsx';
import { workerScrypt } from '../../worker/workerScrypt.ts';
import type { EnterProps } from './EnterProps.ts';

/** Properties of `Unlock`. */
export interface UnlockProps extends EnterProps {
  readonly kept: KeptKey;
  readonly onBack: () => void;
  /** Takes the person to the 24 words. */
  readonly onWords: () => void;
}

/** Opens a key that this browser keeps: by a passkey of the device if it has one, or by its passphrase. */
export function Unlock({ kept, place, onSession, onBack, onWords }: UnlockProps): ReactNode {
  const { say } = useWords();
  const letIn = useWhileShown(onSession);
  const [passphrase, setPassphrase] = useState('');
  const [asked, setAsked] = useState<'device' | 'passphrase'>('passphrase');
  const opening = useRun();
  const chest = new KeyChest(place.shelf, workerScrypt);
  const open = (by: typeof asked): void => {
    setAsked(by);
    opening.start(async () => {
      const seed =
        by === 'device'
          ? await chest.openWithPasskey(kept, secretOfPasskey)
          : await chest.open(kept, passphrase);
      // A chest is not sealed: whoever writes to it could put another key behind this name.
      if (addressOfSeed(webPorts.primitives, seed) !== kept.address)
        throw new MedsealError('SEAL_UNREADABLE', {});
      letIn(await openSession(place, seed, kept.called));
    });
  };
  const byDevice = kept.passkey !== undefined;
  return (
    <Page title={say('enter.unlock', { name: kept.called })}>
      {byDevice && (
        <p className="row">
          <Button kind="main" busy={opening.busy} onClick={() => open('device')}>
            {say('enter.by-device')}
          </Button>
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          open('passphrase');
        }}
      >
        <TextField
          label={say(byDevice ? 'enter.or-passphrase' : 'enter.passphrase')}
          type="password"
          autoComplete="current-password"
          value={passphrase}
          onChange={setPassphrase}
        />
        {opening.error !== undefined && <Failure error={opening.error} />}
        {opening.busy && (
          <Pending what={say(asked === 'device' ? 'enter.asking-device' : 'enter.opening')} />
        )}
        <p className="row">
          <Button kind={byDevice ? 'plain' : 'main'} type="submit" busy={opening.busy}>
            {say('enter.open')}
          </Button>
          <Button onClick={onWords}>{say('enter.by-words')}</Button>
          <Button onClick={onBack}>{say('common.back')}</Button>
        </p>
      </form>
    </Page>
  );
}
