import { useCallback, useLayoutEffect, useState, type ReactNode } from 'react';
import type { KeptHolder } from '../../../../src/client/index.ts';
import { readIdleMinutes } from '../../session/idleMinutes.ts';
import { endHolder, openHolderHere } from '../../session/openHolderHere.ts';
import { useIdleClock } from '../../session/useIdleLock.ts';
import { useRun } from '../../session/useRun.ts';
import { useShown } from '../../session/useShown.ts';
import { endWatch, watchHere } from '../../session/watchHere.ts';
import { Button } from '../../ui/Button.tsx';
import { Page } from '../../ui/Page.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { KeyChest } from '../../vault/KeyChest.ts';
import type { KeptKey } from '../../vault/keptKeys.ts';
import { openKept } from '../../vault/openKept.ts';
import type { Shelf } from '../../vault/openShelf.ts';
import { secretOfPasskey } from '../../vault/passkey.ts';
import { useWords } from '../../words/useWords.tsx';
import { workerScrypt } from '../../worker/workerScrypt.ts';
import { KeptList } from './KeptList.tsx';

/** Properties of `KeptOffline`. */
export interface KeptOfflineProps {
  readonly shelf: Shelf;
  /** Keys that this browser keeps, one at least. */
  readonly keys: readonly KeptKey[];
}

/** Opens what this device keeps by a key of this browser, without asking any node; locks by itself like the rest of the page. */
export function KeptOffline({ shelf, keys }: KeptOfflineProps): ReactNode {
  const { say } = useWords();
  const [address, setAddress] = useState(keys[0]?.address);
  const [passphrase, setPassphrase] = useState('');
  const [holder, setHolder] = useState<KeptHolder>();
  const opening = useRun();
  const isShown = useShown();
  const lock = useCallback(() => setHolder(undefined), []);
  useIdleClock(holder, async () => await readIdleMinutes(shelf), lock);
  useLayoutEffect(() => {
    if (holder === undefined) return undefined;
    return () => {
      endWatch(holder);
      endHolder(holder);
    };
  }, [holder]);
  const key = keys.find((each) => each.address === address);
  if (holder !== undefined) {
    return (
      <Page title={say('kept.title')} lead={say('kept.lead')}>
        <KeptList holder={holder} />
        <p className="row">
          <Button kind="danger" onClick={lock}>
            {say('common.lock')}
          </Button>
        </p>
      </Page>
    );
  }
  if (key === undefined) return null;
  const open = (by: 'device' | 'passphrase'): void =>
    opening.start(async () => {
      const chest = new KeyChest(shelf, workerScrypt);
      const seed =
        by === 'device'
          ? await chest.openWithPasskey(key, secretOfPasskey)
          : await chest.open(key, passphrase);
      const opened = await openHolderHere(shelf, key.address, await openKept(key, seed));
      // Somebody else may be in front of the screen by now.
      if (!isShown.current) return endHolder(opened);
      await watchHere(opened);
      setPassphrase('');
      setHolder(opened);
    });
  return (
    <Page title={say('kept.title')} lead={say('kept.offline-lead')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          open('passphrase');
        }}
      >
        {keys.length > 1 && (
          <SelectField
            label={say('kept.whose')}
            choices={keys.map((each) => ({ value: each.address, label: each.called }))}
            value={key.address}
            onChange={setAddress}
          />
        )}
        <TextField
          label={say('kept.passphrase', { name: key.called })}
          type="password"
          autoComplete="current-password"
          value={passphrase}
          onChange={setPassphrase}
        />
        <Awaiting on={opening} what={say('kept.opening')} />
        <p className="row">
          <Button kind="main" type="submit" busy={opening.busy}>
            {say('enter.open')}
          </Button>
          {key.passkey !== undefined && (
            <Button busy={opening.busy} onClick={() => open('device')}>
              {say('enter.by-device')}
            </Button>
          )}
        </p>
      </form>
    </Page>
  );
}
