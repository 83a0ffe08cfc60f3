import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { CATEGORIES } from '../../../../src/protocol/vocabulary.ts';
import { ownChart } from '../../session/charts.ts';
import { keepTitles, titleKey } from '../../session/titles.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { AddForm, type AddedByForm } from './AddForm.tsx';

/** Adds a photo, a PDF, any other file, or a note to the patient's own chart. */
export function Add({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const { party, handle = '0x' } = session;
  const [added, setAdded] = useState<string>();
  const keep = async ({ title: given, document }: AddedByForm): Promise<void> => {
    // A file may have come from anybody, with its name.
    const title = visibleText(given);
    if (document !== undefined) {
      const { binary, reference } = document;
      await keepTitles(party, handle, { [titleKey(binary)]: '', [titleKey(reference)]: title });
    }
    await ownChart(session, true);
    setAdded(title);
  };
  return (
    <Page title={say('add.title')} lead={say('add.lead')}>
      {added !== undefined && (
        <Notice kind="good" title={say('add.done', { title: added })}>
          <p>
            <Link href="/records">{say('add.to-records')}</Link>
          </p>
        </Notice>
      )}
      <AddForm
        session={session}
        handle={handle}
        purpose="PATRQT"
        categories={CATEGORIES}
        first="other"
        says={{
          file: say('add.file'),
          note: say('add.or-note'),
          add: say('add.add'),
          insist: say('add.other-person'),
        }}
        onBegin={() => setAdded(undefined)}
        onAdded={keep}
      >
        <Link href="/records" className="button plain">
          {say('common.back')}
        </Link>
      </AddForm>
    </Page>
  );
}
