import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { seedToPhrase } from '../../../../src/client/index.ts';
import { useRun } from '../../session/useRun.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Page } from '../../ui/Page.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { PhraseShown } from '../../ui/PhraseShown.tsx';
import { KeyChest } from '../../vault/KeyChest.ts';
import { openKept } from '../../vault/openKept.ts';
import { useWords } from '../../words/useWords.tsx';
import { workerScrypt } from '../../worker/workerScrypt.ts';
import { AskPassphrase } from './AskPassphrase.tsx';
import type { KeptKeyProps } from './KeptKeyProps.ts';

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
          {opening.error !== undefined && <Failure error={opening.error} />}
          {opening.busy && <Pending what={say('enter.opening')} />}
        </AskPassphrase>
      ) : (
        <>
          <PhraseShown words={words} />
          <p className="row">
            <Link href="/me/keys" className="button main">
              {say('keys.words-hide')}
            </Link>
          </p>
        </>
      )}
    </Page>
  );
}
