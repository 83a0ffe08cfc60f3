import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import type { OutdatedKey } from '../../session/restoreByWords.ts';
import { useIdleLock } from '../../session/useIdleLock.ts';
import { useSteps } from '../../session/useSteps.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { DemoPeople } from './DemoPeople.tsx';
import { EmergencyWay } from './EmergencyWay.tsx';
import { Later } from '../../ui/Later.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { List } from '../../ui/List.tsx';
import { keptKeys, type KeptKey } from '../../vault/keptKeys.ts';
import { useWords } from '../../words/useWords.tsx';
import type { EnterProps } from './EnterProps.ts';
import { loadAhead } from './loadAhead.ts';

const loadNewKey = async () => (await import('./NewKey.tsx')).NewKey;
const loadUnlock = async () => (await import('./Unlock.tsx')).Unlock;
const loadHomeScreen = async () => await import('../home/PatientHome.tsx');
const loadWordsIn = async () => (await import('./WordsIn.tsx')).WordsIn;

type Way = 'choose' | 'words' | 'new' | 'unlock';
/** Nobody leaves the words of a new key by mistake: they are on a paper, and open nothing yet. */
const ASKS: readonly Way[] = ['new'];

/** Lets a person in: by a key that this browser keeps, by the 24 words, by a new key, or as somebody of a demonstration. */
export function Enter({ place, onSession }: EnterProps): ReactNode {
  const { say, loadHome } = useWords();
  const { step: way, go, back, finish, isLeaving, answer } = useSteps<Way>('choose', ASKS);
  const [chosen, setChosen] = useState<KeptKey>();
  const [outdated, setOutdated] = useState<OutdatedKey & { readonly called: string }>();
  const kept = useTask(async () => await keptKeys(place.shelf), [place]);
  const keys = kept.state === 'done' ? kept.value : [];
  const isBack = keys.length > 0;
  // While the person types the passphrase, or before.
  useEffect(() => {
    if (isBack) void loadAhead(loadUnlock, loadHomeScreen, loadHome);
  }, [isBack, loadHome]);
  // Words that are shown or typed are a key: they do not stay on a screen that nobody looks at.
  const words = useMemo(() => (way === 'choose' ? undefined : { place }), [way, place]);
  useIdleLock(words, finish);
  const props = { place, onSession, onBack: back };
  if (way === 'words') {
    return (
      <Later load={loadWordsIn}>{(WordsIn) => <WordsIn {...props} outdated={outdated} />}</Later>
    );
  }
  if (way === 'new') {
    return (
      <>
        <Later load={loadNewKey}>{(NewKey) => <NewKey {...props} />}</Later>
        {isLeaving && (
          <Dialog title={say('enter.leave-words')} onClose={() => answer(false)}>
            <p>{say('enter.leave-words-means')}</p>
            <p className="row">
              <Button kind="main" onClick={() => answer(false)}>
                {say('enter.leave-words-stay')}
              </Button>
              <Button onClick={() => answer(true)}>{say('enter.leave-words-go')}</Button>
            </p>
          </Dialog>
        )}
      </>
    );
  }
  if (way === 'unlock' && chosen !== undefined) {
    const { called } = chosen;
    const toWords = (former?: OutdatedKey): void => {
      setOutdated(former && { ...former, called });
      go('words');
    };
    return (
      <Later key={chosen.address} load={loadUnlock}>
        {(Unlock) => <Unlock {...props} kept={chosen} onWords={toWords} />}
      </Later>
    );
  }
  return (
    <Page title={say('enter.title', { organisation: place.organisation })} lead={say('enter.lead')}>
      {!place.shelf.lasting && <Notice kind="warn" title={say('enter.forgets')} />}
      <EmergencyWay />
      {keys.length > 0 && (
        <section>
          <h2>{say('enter.kept')}</h2>
          <List items={keys} keyOf={(key) => key.address} look="people">
            {(key) => (
              <Button
                kind="main"
                onClick={() => {
                  setChosen(key);
                  go('unlock');
                }}
              >
                {key.called}
              </Button>
            )}
          </List>
        </section>
      )}
      {place.network.demo && <DemoPeople {...props} />}
      <section>
        <h2>{say('enter.other')}</h2>
        <p className="row">
          <Button
            onClick={() => {
              setOutdated(undefined);
              go('words');
            }}
          >
            {say('enter.by-words')}
          </Button>
          <Button onClick={() => go('new')}>{say('enter.new')}</Button>
        </p>
        <p>
          <Link href="/operator">{say('enter.operators')}</Link>
        </p>
      </section>
    </Page>
  );
}
