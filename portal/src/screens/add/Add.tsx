import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { formsOf } from '../../../../src/fhir/forms/formAuthors.ts';
import { CATEGORIES } from '../../../../src/protocol/vocabulary.ts';
import { ownChart } from '../../session/charts.ts';
import { titleKey } from '../../session/titleKey.ts';
import { keepTitles } from '../../session/titles.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { AddForm, type AddedByForm } from './AddForm.tsx';
import { ChooseWhat } from './ChooseWhat.tsx';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** Adds a photo, a PDF, any other file, a note, an allergy or vital signs to the patient's own chart. */
export function Add({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const { party, handle = '0x' } = session;
  const [added, setAdded] = useState<Pick<AddedByForm, 'title' | 'already'>>();
  const keep = async ({ title: given, document, already = false }: AddedByForm): Promise<void> => {
    // A file may have come from anybody, with its name.
    const title = visibleText(given);
    const chart = await ownChart(session, true);
    if (document !== undefined) {
      const { binary, reference } = document;
      await keepTitles(party, chart, { [titleKey(binary)]: '', [titleKey(reference)]: title });
    }
    setAdded({ title, already });
  };
  const common = {
    session,
    handle,
    purpose: 'PATRQT',
    onBegin: () => setAdded(undefined),
    onAdded: keep,
  } as const;
  const back = <ButtonLink href="/records">{say('common.back')}</ButtonLink>;
  return (
    <Page title={say('add.title')} lead={say('add.lead')}>
      {added !== undefined && (
        <Notice
          kind="good"
          title={say(added.already === true ? 'add.done-already' : 'add.done', {
            title: added.title,
          })}
        >
          <p>
            <Link href="/records">{say('add.to-records')}</Link>
          </p>
        </Notice>
      )}
      <ChooseWhat {...common} forms={formsOf('own')} act={say('add.add')} beside={back}>
        <AddForm
          {...common}
          categories={CATEGORIES}
          first="other"
          says={{
            file: say('add.file'),
            note: say('add.or-note'),
            add: say('add.add'),
            insist: say('add.other-person'),
          }}
        >
          {back}
        </AddForm>
      </ChooseWhat>
    </Page>
  );
}
