import { useId, useState, type ReactNode } from 'react';
import { isMedsealError, type DocumentAdded, type Party } from '../../../../src/client/index.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import type { Grant } from '../../../../src/protocol/requests.ts';
import type { Category, Purpose } from '../../../../src/protocol/vocabulary.ts';
import { describeBlob } from '../../session/describeBlob.ts';
import { addFile } from '../../session/addFile.ts';
import { useAdding } from '../../session/useAdding.ts';
import { Adding } from '../../ui/Adding.tsx';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { FileField } from '../../ui/FileField.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { looksLikeFhir } from './looksLikeFhir.ts';

/** Something that was added. */
export interface AddedByForm {
  readonly title: string;
  /** Its records, if it is a document and not FHIR. */
  readonly document?: DocumentAdded;
}

/** Properties of `AddForm`. */
export interface AddFormProps {
  readonly party: Party;
  readonly handle: Handle;
  readonly purpose: Purpose;
  /** Finds the right to rely on; absent for the person's own chart. */
  readonly findGrant?: (category: Category) => Promise<Grant>;
  /** Categories to choose from, and the one that is chosen at first. */
  readonly categories: readonly Category[];
  readonly first: Category;
  /** Words of the form, for those who add to their own chart or to another. */
  readonly says: Readonly<Record<'file' | 'note' | 'add' | 'insist', string>> & {
    readonly hint?: string;
  };
  /** True if a note is what people mostly add. */
  readonly isNoteFirst?: boolean;
  /** Called when the person adds something: what was said of the last one is over. */
  readonly onBegin: () => void;
  /** Called before the next can be added. */
  readonly onAdded: (added: AddedByForm) => Promise<void>;
  /** Stands beside the button. */
  readonly children?: ReactNode;
}

/** A form that adds a note, FHIR as records of its kinds, or any other file as the document that it is. */
export function AddForm(props: AddFormProps): ReactNode {
  const { party, handle, purpose, findGrant, categories, first, says, onAdded, children } = props;
  const { isNoteFirst = false } = props;
  const { say } = useWords();
  const id = useId();
  const [file, setFile] = useState<File>();
  const [note, setNote] = useState('');
  const [title, setTitle] = useState('');
  const [category, setCategory] = useState(first);
  const [insists, setInsists] = useState(false);
  const [isEmpty, setEmpty] = useState(false);
  const adding = useAdding();
  const finish = async (added: AddedByForm): Promise<void> => {
    // Whoever sees that it was added may type the next at once.
    setFile(undefined);
    setNote('');
    setTitle('');
    setInsists(false);
    await onAdded(added);
  };
  const add = (): void => {
    const content = file ?? new Blob([note], { type: 'text/plain' });
    setEmpty(content.size === 0);
    props.onBegin();
    if (content.size === 0) return;
    adding.start(async (options) => {
      const grant = await findGrant?.(category);
      const on = { handle, purpose, ...(grant && { grant }) };
      if (file !== undefined && (await looksLikeFhir(file))) {
        const { addFhir } = await import('../../session/addFhir.ts');
        const records = await addFhir(party, { ...on, content: file, anotherPatient: insists });
        if (records !== undefined) {
          await finish({ title: file.name });
          return;
        }
      }
      const described = await describeBlob(file);
      const called = title.trim() || file?.name || say('add.note');
      const document = { ...on, content, ...described, title: called, category };
      await finish({ title: called, document: await addFile(party, document, options) });
    });
  };
  const noteField = file === undefined && (
    <TextField label={says.note} rows={isNoteFirst ? 5 : 4} value={note} onChange={setNote} />
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      {isNoteFirst && noteField}
      <FileField
        label={says.file}
        {...(says.hint !== undefined && { hint: says.hint })}
        file={file}
        onChange={setFile}
      />
      {!isNoteFirst && noteField}
      <TextField label={say('add.called')} value={title} maxLength={120} onChange={setTitle} />
      <div className="field">
        <label htmlFor={`${id}-kind`}>{say('add.kind')}</label>
        <select
          id={`${id}-kind`}
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
      {isEmpty && <Notice kind="bad" title={say('add.empty')} />}
      {adding.error !== undefined && <Failure error={adding.error} />}
      {isMedsealError(adding.error, 'PATIENT_DIFFERS') && (
        <label className="choice">
          <input
            type="checkbox"
            checked={insists}
            onChange={(event) => setInsists(event.target.checked)}
          />
          <span>{says.insist}</span>
        </label>
      )}
      {adding.cancelled && <Notice title={say('add.cancelled')} />}
      {adding.busy && <Adding progress={adding.progress} onCancel={adding.cancel} />}
      <p className="row">
        <Button kind="main" type="submit" busy={adding.busy}>
          {says.add}
        </Button>
        {children}
      </p>
    </form>
  );
}
