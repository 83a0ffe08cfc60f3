import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { addDocument, nameOfContent } from '../../../../src/client/index.ts';
import { CATEGORIES, type Category } from '../../../../src/protocol/vocabulary.ts';
import { ownChart } from '../../session/charts.ts';
import { keepTitles, titleKey } from '../../session/titles.ts';
import { useRun } from '../../session/useRun.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { typeOfFile } from './typeOfFile.ts';

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
  const adding = useRun();
  const add = (): void => {
    const content = file ?? (note === '' ? undefined : new Blob([note], { type: 'text/plain' }));
    setEmpty(content === undefined || content.size === 0);
    if (content === undefined || content.size === 0) return;
    adding.start(async () => {
      const contentType = file === undefined ? 'text/plain' : await typeOfFile(file);
      const called = title.trim() || file?.name || say('add.note');
      const as = JSON.stringify([called, category]);
      const once = await nameOfContent(party, handle, piecesOf(content), as);
      const { binary, reference } = await addDocument(party, {
        handle,
        purpose: 'PATRQT',
        content: () => piecesOf(content),
        contentType,
        title: called,
        category,
        once,
      });
      await keepTitles(party, handle, {
        [titleKey(binary)]: '',
        [titleKey(reference)]: called,
      });
      await ownChart(session, true);
      setAdded(called);
      setFile(undefined);
      setNote('');
      setTitle('');
    });
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
        {adding.busy && <Pending what={say('add.sealing')} />}
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

/** Bytes of a file that are read at once. */
const PIECE = 1 << 20;

async function* piecesOf(content: Blob): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.size; at += PIECE) {
    yield new Uint8Array(await content.slice(at, at + PIECE).arrayBuffer());
  }
}
