import type { ReactNode } from 'react';
import { Link, useParams } from 'wouter';
import { useTask } from '../../session/useTask.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { List } from '../../ui/List.tsx';
import { keptKeys } from '../../vault/keptKeys.ts';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { ChangeKey } from './ChangeKey.tsx';
import { ChangePassphrase } from './ChangePassphrase.tsx';
import { ForgetKey } from './ForgetKey.tsx';
import { ShowWords } from './ShowWords.tsx';
import cardLook from '../../ui/Card.module.css';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

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
  if (kept.state !== 'done') return <Awaiting on={kept} what={say('common.loading')} />;
  if (kept.value !== undefined && name !== undefined) {
    const Part = PARTS[name];
    return <Part key={name} {...props} kept={kept.value} onKept={kept.again} />;
  }
  return (
    <Page title={say('keys.title')} lead={say('keys.lead')}>
      {kept.value === undefined ? (
        <Notice title={say('keys.none')} />
      ) : (
        <List items={NAMES} keyOf={(each) => each} look="own">
          {(each) => (
            <Link href={`/me/keys/${each}`} className={cardLook['card']}>
              <strong>{say(`keys.${each}`)}</strong>
              <p>{say(`keys.${each}-about`)}</p>
            </Link>
          )}
        </List>
      )}
      <p className="row">
        <ButtonLink href="/me">{say('common.back')}</ButtonLink>
      </p>
    </Page>
  );
}
