import { useRef, useState, type ReactNode } from 'react';
import { isMedsealError } from '../../../../src/client/index.ts';
import { CHANGE_STEPS } from '../../session/changeSteps.ts';
import { finishChange } from '../../session/finishChange.ts';
import { openSession } from '../../session/openSession.ts';
import type { OutdatedKey } from '../../session/restoreByWords.ts';
import { useRun } from '../../session/useRun.ts';
import { useWhileShown } from '../../session/useWhileShown.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { Page } from '../../ui/Page.tsx';
import { KeptWay } from './KeptWay.tsx';
import { Steps } from '../../ui/Steps.tsx';
import { KeyChest } from '../../vault/KeyChest.ts';
import type { KeptKey } from '../../vault/keptKeys.ts';
import { openKept } from '../../vault/openKept.ts';
import { secretOfPasskey } from '../../vault/passkey.ts';
import { useWords } from '../../words/useWords.tsx';
import { workerScrypt } from '../../worker/workerScrypt.ts';
import type { EnterProps } from './EnterProps.ts';

/** Properties of `Unlock`. */
export interface UnlockProps extends EnterProps {
  readonly kept: KeptKey;
  readonly onBack: () => void;
  /** Takes the person to the 24 words, with the key that this browser opened if it was changed elsewhere. */
  readonly onWords: (outdated?: OutdatedKey) => void;
}

/** Opens a key that this browser keeps: by a passkey of the device if it has one, or by its passphrase. */
export function Unlock({ kept, place, onSession, onBack, onWords }: UnlockProps): ReactNode {
  const { say, loadAll } = useWords();
  const letIn = useWhileShown(onSession);
  const [passphrase, setPassphrase] = useState('');
  const [asked, setAsked] = useState<'device' | 'passphrase'>('passphrase');
  /** Step of a change of key that this browser goes on with. */
  const [at, setAt] = useState<number>();
  const outdated = useRef<OutdatedKey>(undefined);
  const opening = useRun();
  const chest = new KeyChest(place.shelf, workerScrypt);
  const { address, called } = kept;
  const open = async (by: typeof asked): Promise<void> => {
    // Another tab may have changed it since.
    const now = await chest.find(address);
    const seed =
      by === 'device'
        ? await chest.openWithPasskey(now, secretOfPasskey)
        : await chest.open(now, passphrase);
    const opened = await openKept(now, seed);
    try {
      const session = await openSession(place, { ...opened, address, called });
      // The person gets in; what could not be done now is due at the next unlocking.
      if (now.unfinished) await finishChange(chest, session).catch(() => undefined);
      letIn(session);
    } catch (error) {
      if (isMedsealError(error, 'KEY_CHANGED')) outdated.current = { ...opened, address };
      throw error;
    }
  };
  const begin = (by: typeof asked, goOn = true): void => {
    setAsked(by);
    setAt(undefined);
    opening.start(async () => {
      if (!goOn || by === 'device' || (await chest.find(address)).next === undefined) {
        return await open(by);
      }
      await loadAll();
      const go = { address, passphrase };
      // Few come in the middle of a change: its code would load with every first screen.
      const { changeKept } = await import('../../session/changeKept.ts');
      letIn(await changeKept(place, go, (step) => setAt(CHANGE_STEPS.indexOf(step))));
    });
  };
  const byDevice = kept.passkey !== undefined && kept.next === undefined;
  const isChanged = isMedsealError(opening.error, 'KEY_CHANGED');
  return (
    <Page title={say('enter.unlock', { name: kept.called })}>
      {byDevice && (
        <p className="row">
          <Button kind="main" busy={opening.busy} onClick={() => begin('device')}>
            {say('enter.by-device')}
          </Button>
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          begin('passphrase');
        }}
      >
        <TextField
          label={say(byDevice ? 'enter.or-passphrase' : 'enter.passphrase')}
          type="password"
          autoComplete="current-password"
          value={passphrase}
          onChange={setPassphrase}
        />
        <Awaiting
          on={opening}
          what={
            at === undefined ? (
              say(asked === 'device' ? 'enter.asking-device' : 'enter.opening')
            ) : (
              <Steps steps={CHANGE_STEPS.map((each) => say(`keys.step-${each}`))} at={at} />
            )
          }
        />
        <p className="row">
          <Button kind={byDevice || isChanged ? 'plain' : 'main'} type="submit" busy={opening.busy}>
            {say('enter.open')}
          </Button>
          {at !== undefined && opening.error !== undefined && !isChanged && (
            <Button onClick={() => begin('passphrase', false)}>{say('enter.unchanged')}</Button>
          )}
          <Button kind={isChanged ? 'main' : 'plain'} onClick={() => onWords(outdated.current)}>
            {say('enter.by-words')}
          </Button>
          <Button onClick={onBack}>{say('common.back')}</Button>
        </p>
      </form>
      {isMedsealError(opening.error, 'PEER_UNREACHABLE') && <KeptWay />}
    </Page>
  );
}
