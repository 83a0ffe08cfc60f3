import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { isMedsealError } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { CATEGORIES, type Category } from '../../../../src/protocol/vocabulary.ts';
import { describeBlob } from '../../session/describeBlob.ts';
import { addFile } from '../../session/addFile.ts';
import { ownChart } from '../../session/charts.ts';
import { keepTitles, titleKey } from '../../session/titles.ts';
import { useAdding } from '../../session/useAdding.ts';
import { Adding } from '../../ui/Adding.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { looksLikeFhir } from './looksLikeFhir.ts';

/** Adds a photo, a PDF, any other file, or a note to the patient's own chart. */
export function Add({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const { party, handle = '0x' } = session;
  const [file, setFile] = useState<File>();
  const [note, setNote] = useState('');
  const [title, setTitle] = useState('');
  const [category, setCategory] = useState<Category>('other');
  const [added, setAdded] = useState<string>();
  const [empty, setEmpty] = useState(false);
  const [other, setOther] = useState(false);
  const adding = useAdding();
  const finish = (called: string): void => {
    setAdded(called);
    setFile(undefined);
    setNote('');
    setTitle('');
    setOther(false);
  };
  const add = (): void => {
    const content = file ?? (note === '' ? undefined : new Blob([note], { type: 'text/plain' }));
    setEmpty(content === undefined || content.size === 0);
    if (content === undefined || content.size === 0) return;
    setAdded(undefined);
    adding.start(async (options) => {
      if (file !== undefined && (await looksLikeFhir(file))) {
        const { addFhir } = await import('../../session/addFhir.ts');
        if ((await addFhir(session, file, other)) !== undefined) {
          await ownChart(session, true);
          finish(file.name);
          return;
        }
      }
      const described = await describeBlob(file);
      const called = title.trim() || file?.name || say('add.note');
      const document = { handle, purpose: 'PATRQT', content, ...described } as const;
      const { binary, reference } = await addFile(
        party,
        { ...document, title: called, category },
        options,
      );
      await keepTitles(party, handle, { [titleKey(binary)]: '', [titleKey(reference)]: called });
      await ownChart(session, true);
      finish(called);
    });
  };
  return (
    <Page title={say('add.title')} lead={say('add.lead')}>
      {added !== undefined && (
        <Notice kind="good" title={say('add.done', { title: visibleText(added) })}>
          <p>
            <Link href="/records">{say('add.to-records')}</Link>
          </p>
        </Notice>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <div className="field">
          <label htmlFor="file">{say('add.file')}</label>
          <input
            id="file"
            type="file"
            onClick={(event) => {
              // A file that is chosen again is read again.
              event.currentTarget.value = '';
              setFile(undefined);
            }}
            onChange={(event) => setFile(event.target.files?.[0] ?? undefined)}
          />
        </div>
        {file === undefined && (
          <TextField label={say('add.or-note')} rows={4} value={note} onChange={setNote} />
        )}
        <TextField label={say('add.called')} value={title} maxLength={120} onChange={setTitle} />
        <div className="field">
          <label htmlFor="category">{say('add.kind')}</label>
          <select
            id="category"
            value={category}
            onChange={(event) => {
              const chosen = CATEGORIES.find((each) => each === event.target.value);
              if (chosen !== undefined) setCategory(chosen);
            }}
          >
            {CATEGORIES.map((each) => (
              <option key={each} value={each}>
                {say(`common.category-${each}`)}
              </option>
            ))}
          </select>
        </div>
        {empty && <Notice kind="bad" title={say('add.empty')} />}
        {adding.error !== undefined && <Failure error={adding.error} />}
        {isMedsealError(adding.error, 'PATIENT_DIFFERS') && (
          <label className="choice">
            <input
              type="checkbox"
              checked={other}
              onChange={(event) => setOther(event.target.checked)}
            />
            <span>{say('add.other-person')}</span>
          </label>
        )}
        {adding.cancelled && <Notice title={say('add.cancelled')} />}
        {adding.busy && <Adding progress={adding.progress} onCancel={adding.cancel} />}
        <p className="row">
          <Button kind="main" type="submit" busy={adding.busy}>
            {say('add.add')}
          </Button>
          <Link href="/records" className="button plain">
            {say('common.back')}
          </Link>
        </p>
      </form>
    </Page>
  );
}
