import { useEffect, type ReactNode } from 'react';
import { noteNews } from '../../session/afterNews.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Page } from '../../ui/Page.tsx';
import { useWords } from '../../words/useWords.tsx';
import { OwnHealth } from '../home/OwnHealth.tsx';
import type { ScreenProps } from '../ScreenProps.ts';

/** Shows the health of the patient for whom somebody acts; letters and rules wait for the patient's own devices. */
export function ActingHome({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const { party, called } = session;
  useEffect(() => noteNews(party), [party]);
  return (
    <Page
      title={say('family.health', { who: called })}
      lead={say('family.health-lead')}
      act={
        <ButtonLink href="/share" kind="main">
          <Icon name="share-2" />
          {say('share.new')}
        </ButtonLink>
      }
    >
      <OwnHealth session={session} audit={undefined} isAway={false} />
    </Page>
  );
}
