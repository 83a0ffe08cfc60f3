import type { ReactNode } from 'react';
import { signersOf } from '../../../../src/client/index.ts';
import { IDLE_MINUTES, keepIdleMinutes, readIdleMinutes } from '../../session/idleMinutes.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { KeyChest } from '../../vault/KeyChest.ts';
import { makePasskey, mayHavePasskeys } from '../../vault/passkey.ts';
import { requireKeyOf } from '../../vault/requireKeyOf.ts';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import fieldLook from '../../ui/Field.module.css';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** The person's choices for this device: a passkey that opens the key, and the time after which the page locks. */
export function Device({ session }: Pick<ScreenProps, 'session'>): ReactNode {
  const { say } = useWords();
  const { party, place, called } = session;
  const chest = new KeyChest(place.shelf);
  const kept = useTask(
    async () => (await chest.list()).find(({ address }) => address === party.address),
    [session],
  );
  const minutes = useTask(async () => await readIdleMinutes(place.shelf), [session]);
  const working = useRun();
  const key = kept.state === 'done' ? kept.value : undefined;
  const add = (): void =>
    working.start(async () => {
      const passkey = await makePasskey(called);
      // The page may have been locked while the device asked: the seed is overwritten then.
      const seed = Uint8Array.from(party.keys.seed());
      requireKeyOf(signersOf(party).at(-1) ?? party.address, seed);
      await chest.addPasskey(party.address, seed, passkey);
      kept.again();
    });
  const remove = (): void =>
    working.start(async () => {
      await chest.removePasskey(party.address);
      kept.again();
    });
  return (
    <section>
      <h2>{say('me.device')}</h2>
      <p className="row">
        <ButtonLink href="/me/keys">{say('keys.title')}</ButtonLink>
      </p>
      <Awaiting on={working} what={say('me.passkey-asking')} />
      {key !== undefined && key.passkey === undefined && mayHavePasskeys() && (
        <>
          <p>{say('me.passkey-lead')}</p>
          <p className="row">
            <Button busy={working.busy} onClick={add}>
              {say('me.passkey-add')}
            </Button>
          </p>
        </>
      )}
      {key?.passkey !== undefined && (
        <>
          <p>{say('me.passkey-kept')}</p>
          <p className="row">
            <Button busy={working.busy} onClick={remove}>
              {say('me.passkey-remove')}
            </Button>
          </p>
        </>
      )}
      {minutes.state === 'done' && (
        <div className={fieldLook['field']}>
          <label htmlFor="idle">{say('me.idle')}</label>
          <p id="idle-hint" className="hint">
            {say('me.idle-lead')}
          </p>
          <select
            id="idle"
            aria-describedby="idle-hint"
            defaultValue={minutes.value}
            onChange={(event) => {
              const chosen = IDLE_MINUTES.find((each) => `${each}` === event.target.value);
              if (chosen === undefined) return;
              working.start(async () => await keepIdleMinutes(place.shelf, chosen));
            }}
          >
            {IDLE_MINUTES.map((each) => (
              <option key={each} value={each}>
                {say('me.minutes', { count: each })}
              </option>
            ))}
          </select>
        </div>
      )}
    </section>
  );
}
