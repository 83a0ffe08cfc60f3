import type { Bundle } from '@medplum/fhirtypes';
import { useState, type ReactNode } from 'react';
import {
  addBundle,
  isMedsealError,
  nameOfContent,
  rightFor,
  type Chart,
  type Party,
} from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { splitBundle } from '../../../../src/fhir/splitBundle.ts';
import type { Grant } from '../../../../src/protocol/requests.ts';
import { CATEGORIES } from '../../../../src/protocol/vocabulary.ts';
import { describeBlob } from '../../session/describeBlob.ts';
import { addFile } from '../../session/addFile.ts';
import { useAdding } from '../../session/useAdding.ts';
import { Adding } from '../../ui/Adding.tsx';
import { piecesOf } from '../../worker/piecesOf.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { useWords } from '../../words/useWords.tsx';
import { bundleInFile } from './bundleInFile.ts';

/** Properties of `AddToChart`. */
export interface AddToChartProps {
  readonly party: Party;
  readonly chart: Chart;
  /** Called after something was added. */
  readonly onAdded: () => void;
}

/** Adds a note or a file to the chart of a patient who allowed it. */
export function AddToChart({ party, chart, onAdded }: AddToChartProps): ReactNode {
  const { say } = useWords();
  const { handle, purpose } = chart;
  const categories = chart.grant?.terms.add === true ? chart.grant.terms.categories : CATEGORIES;
  const [file, setFile] = useState<File>();
  const [note, setNote] = useState('');
  const [title, setTitle] = useState('');
  const [category, setCategory] = useState(
    categories.find((each) => each === 'reports') ?? categories[0] ?? 'other',
  );
  const [insists, setInsists] = useState(false);
  const [told, setTold] = useState<{ readonly added?: string; readonly empty?: true }>({});
  const adding = useAdding();
  const add = (): void => {
    const content = file ?? new Blob([note], { type: 'text/plain' });
    if (content.size === 0) {
      setTold({ empty: true });
      return;
    }
    setTold({});
    adding.start(async (options) => {
      const right = await rightFor(party, { handle, action: 'add', category, purpose });
      if (right === undefined) throw new MedsealError('RIGHT_MISSING', {});
      const bundle = file && (await bundleInFile(file));
      if (file !== undefined && bundle !== undefined) {
        await addAll(file, bundle, right.grant);
        return;
      }
      const described = await describeBlob(file);
      const called = title.trim() || file?.name || say('add.note');
      const document = { handle, purpose, grant: right.grant, content, ...described };
      await addFile(party, { ...document, title: called, category }, options);
      setTold({ added: called });
      setFile(undefined);
      setNote('');
      setTitle('');
      onAdded();
    });
  };
  /** A bundle is added whole or not at all: what the right does not cover is refused before anything is added. */
  const addAll = async (from: File, bundle: Bundle, grant: Grant): Promise<void> => {
    const parts = splitBundle(bundle, { set: '0x' });
    if (!parts.every((part) => grant.terms.categories.includes(part.category))) {
      throw new MedsealError('RIGHT_MISSING', {});
    }
    const once = await nameOfContent(party, handle, piecesOf(from), 'bundle');
    await addBundle(party, { handle, purpose, grant, bundle, once, anotherPatient: insists });
    setTold({ added: from.name });
    setFile(undefined);
    setInsists(false);
    onAdded();
  };
  return (
    <form
      className="add"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      {told.added !== undefined && (
        <Notice kind="good" title={say('chart.added', { title: visibleText(told.added) })} />
      )}
      {file === undefined && (
        <TextField label={say('chart.note')} rows={5} value={note} onChange={setNote} />
      )}
      <div className="field">
        <label htmlFor="chart-file">{say('chart.or-file')}</label>
        <p className="hint" id="chart-file-hint">
          {say('chart.file-hint')}
        </p>
        <input
          id="chart-file"
          aria-describedby="chart-file-hint"
          type="file"
          onClick={(event) => {
            // A file that is chosen again is read again.
            event.currentTarget.value = '';
            setFile(undefined);
          }}
          onChange={(event) => setFile(event.target.files?.[0] ?? undefined)}
        />
      </div>
      <TextField label={say('add.called')} value={title} maxLength={120} onChange={setTitle} />
      <div className="field">
        <label htmlFor="chart-category">{say('add.kind')}</label>
        <select
          id="chart-category"
          value={category}
          onChange={(event) => {
            const chosen = categories.find((each) => each === event.target.value);
            if (chosen !== undefined) setCategory(chosen);
          }}
        >
          {categories.map((each) => (
            <option key={each} value={each}>
              {say(`common.category-${each}`)}
            </option>
          ))}
        </select>
      </div>
      {told.empty && <Notice kind="bad" title={say('add.empty')} />}
      {adding.error !== undefined && <Failure error={adding.error} />}
      {isMedsealError(adding.error, 'PATIENT_DIFFERS') && (
        <label className="choice">
          <input
            type="checkbox"
            checked={insists}
            onChange={(event) => setInsists(event.target.checked)}
          />
          <span>{say('chart.same-patient')}</span>
        </label>
      )}
      {adding.cancelled && <Notice title={say('add.cancelled')} />}
      {adding.busy && <Adding progress={adding.progress} onCancel={adding.cancel} />}
      <Button kind="main" type="submit" busy={adding.busy}>
        {say('chart.add')}
      </Button>
    </form>
  );
}
