import type { ReactNode } from 'react';
import { Link, useParams } from 'wouter';
import { useTask } from '../../session/useTask.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { keptKeys } from '../../vault/keptKeys.ts';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { ChangeKey } from './ChangeKey.tsx';
import { ChangePassphrase } from './ChangePassphrase.tsx';
import { ForgetKey } from './ForgetKey.tsx';
import { ShowWords } from './ShowWords.tsx';

const PARTS = {
  words: ShowWords,
  passphrase: ChangePassphrase,
  change: ChangeKey,
  forget: ForgetKey,
};
const NAMES = ['words', 'passphrase', 'change', 'forget'] as const;

/** The person's key in this browser: its words, its passphrase, another key after a loss, and its end here. */
export function KeyScreen(props: ScreenProps): ReactNode {
  const { say } = useWords();
  const { what } = useParams<{ what?: string }>();
  const { party, place } = props.session;
  const kept = useTask(
    async () => (await keptKeys(place.shelf)).find(({ address }) => address === party.address),
    [place, party.address, what],
  );
  const name = NAMES.find((each) => each === what);
  if (kept.state === 'working') return <Pending what={say('common.loading')} />;
  if (kept.state === 'failed') return <Failure error={kept.error} again={kept.again} />;
  if (kept.value !== undefined && name !== undefined) {
    const Part = PARTS[name];
    return <Part key={name} {...props} kept={kept.value} onKept={kept.again} />;
  }
  return (
    <Page title={say('keys.title')} lead={say('keys.lead')}>
      {kept.value === undefined ? (
        <Notice title={say('keys.none')} />
      ) : (
        <ul className="cards">
          {NAMES.map((each) => (
            <li key={each}>
              <Link href={`/me/keys/${each}`} className="card">
                <strong>{say(`keys.${each}`)}</strong>
                <p>{say(`keys.${each}-about`)}</p>
              </Link>
            </li>
          ))}
        </ul>
      )}
      <p className="row">
        <Link href="/me" className="button plain">
          {say('common.back')}
        </Link>
      </p>
    </Page>
  );
}
