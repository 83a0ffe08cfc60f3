import { useState, type ReactNode } from 'react';
import { seedToPhrase } from '../../../../src/client/index.ts';
import { useRun } from '../../session/useRun.ts';
import { Page } from '../../ui/Page.tsx';
import { PhraseShown } from '../../ui/PhraseShown.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { KeyChest } from '../../vault/KeyChest.ts';
import { openKept } from '../../vault/openKept.ts';
import { useWords } from '../../words/useWords.tsx';
import { workerScrypt } from '../../worker/workerScrypt.ts';
import { AskPassphrase } from './AskPassphrase.tsx';
import type { KeptKeyProps } from './KeptKeyProps.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** Shows the 24 words again, after the passphrase: whoever finds the page unlocked does not see them. */
export function ShowWords({ session, kept }: KeptKeyProps): ReactNode {
  const { say } = useWords();
  const [words, setWords] = useState<readonly string[]>();
  const opening = useRun();
  const chest = new KeyChest(session.place.shelf, workerScrypt);
  const show = (passphrase: string): void =>
    opening.start(async () => {
      const { seed } = await openKept(kept, await chest.open(kept, passphrase));
      setWords(seedToPhrase(seed).split(' '));
      seed.fill(0);
    });
  return (
    <Page title={say('keys.words')} lead={say('keys.words-about')}>
      {words === undefined ? (
        <AskPassphrase label={say('keys.words-now')} busy={opening.busy} onGiven={show}>
          <Awaiting on={opening} what={say('enter.opening')} />
        </AskPassphrase>
      ) : (
        <>
          <PhraseShown words={words} />
          <p className="row">
            <ButtonLink href="/me/keys" kind="main">
              {say('keys.words-hide')}
            </ButtonLink>
          </p>
        </>
      )}
    </Page>
  );
}
