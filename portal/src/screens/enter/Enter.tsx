import { useMemo, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import type { OutdatedKey } from '../../session/restoreByWords.ts';
import { useIdleLock } from '../../session/useIdleLock.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { DemoPeople } from './DemoPeople.tsx';
import { EmergencyWay } from './EmergencyWay.tsx';
import { Later } from '../../ui/Later.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { keptKeys, type KeptKey } from '../../vault/keptKeys.ts';
import { useWords } from '../../words/useWords.tsx';
import type { EnterProps } from './EnterProps.ts';

const loadNewKey = async () => (await import('./NewKey.tsx')).NewKey;
const loadUnlock = async () => (await import('./Unlock.tsx')).Unlock;
const loadWordsIn = async () => (await import('./WordsIn.tsx')).WordsIn;

type Way =
  | 'choose'
  | 'words'
  | 'new'
  | KeptKey
  | { readonly outdated: OutdatedKey & { readonly called: string } };

/** Lets a person in: by a key that this browser keeps, by the 24 words, by a new key, or as somebody of a demonstration. */
export function Enter({ place, onSession }: EnterProps): ReactNode {
  const { say } = useWords();
  const [way, setWay] = useState<Way>('choose');
  const kept = useTask(async () => await keptKeys(place.shelf), [place]);
  const back = (): void => setWay('choose');
  // Words that are shown or typed are a key: they do not stay on a screen that nobody looks at.
  const words = useMemo(() => (way === 'choose' ? undefined : { place }), [way, place]);
  useIdleLock(words, back);
  const props = { place, onSession, onBack: back };
  if (way === 'words' || (typeof way === 'object' && 'outdated' in way)) {
    const outdated = way === 'words' ? undefined : way.outdated;
    return (
      <Later load={loadWordsIn}>{(WordsIn) => <WordsIn {...props} outdated={outdated} />}</Later>
    );
  }
  if (way === 'new') {
    return <Later load={loadNewKey}>{(NewKey) => <NewKey {...props} />}</Later>;
  }
  if (typeof way === 'object') {
    const { called } = way;
    const toWords = (outdated?: OutdatedKey): void =>
      setWay(outdated === undefined ? 'words' : { outdated: { ...outdated, called } });
    return (
      <Later key={way.address} load={loadUnlock}>
        {(Unlock) => <Unlock {...props} kept={way} onWords={toWords} />}
      </Later>
    );
  }
  const keys = kept.state === 'done' ? kept.value : [];
  return (
    <Page title={say('enter.title', { organisation: place.organisation })} lead={say('enter.lead')}>
      {!place.shelf.lasting && <Notice kind="warn" title={say('enter.forgets')} />}
      <EmergencyWay />
      {keys.length > 0 && (
        <section>
          <h2>{say('enter.kept')}</h2>
          <ul className="people">
            {keys.map((key) => (
              <li key={key.address}>
                <Button kind="main" onClick={() => setWay(key)}>
                  {key.called}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {place.network.demo && <DemoPeople {...props} />}
      <section>
        <h2>{say('enter.other')}</h2>
        <p className="row">
          <Button onClick={() => setWay('words')}>{say('enter.by-words')}</Button>
          <Button onClick={() => setWay('new')}>{say('enter.new')}</Button>
        </p>
        <p>
          <Link href="/operator">{say('enter.operators')}</Link>
        </p>
      </section>
    </Page>
  );
}
