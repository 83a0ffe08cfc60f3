import { useId, useState, type ReactNode } from 'react';
import { isMedsealError, type DocumentAdded } from '../../../../src/client/index.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import type { Grant } from '../../../../src/protocol/struct/requests.ts';
import {
  RECORD_TYPE_RULES,
  RECORD_TYPES,
  type RecordType,
} from '../../../../src/protocol/struct/recordTypes.ts';
import type { Category, Purpose, Role } from '../../../../src/protocol/vocabulary.ts';
import { describeBlob } from '../../session/describeBlob.ts';
import { addFile } from '../../session/addFile.ts';
import type { Session } from '../../session/Session.ts';
import { useAdding } from '../../session/useAdding.ts';
import { useDraft } from '../../session/useDraft.ts';
import { Adding } from '../../ui/Adding.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { FileField } from '../../ui/FileField.tsx';
import { KeptDraft } from '../../ui/KeptDraft.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { looksLikeFhir } from './looksLikeFhir.ts';
import fieldLook from '../../ui/Field.module.css';
import choicesLook from '../../ui/Choices.module.css';

/** Something that was added. */
export interface AddedByForm {
  readonly title: string;
  /** True if it was on the chart before, and nothing was added. */
  readonly already?: boolean;
  /** Its records, if it is a document and not FHIR. */
  readonly document?: DocumentAdded;
}

/** Properties of `AddForm`. */
export interface AddFormProps {
  readonly session: Session;
  readonly handle: Handle;
  readonly purpose: Purpose;
  /** Finds the right to rely on; absent for the person's own chart. */
  readonly findGrant?: (category: Category) => Promise<Grant>;
  /** Categories to choose from, and the one that is chosen at first. */
  readonly categories: readonly Category[];
  readonly first: Category;
  /** The author’s role on another’s chart, which writes certain types of records; absent on the person’s own. */
  readonly role?: Role | undefined;
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
  const { session, handle, purpose, findGrant, categories, first, role, says, onAdded } = props;
  const { isNoteFirst = false, children } = props;
  const { party } = session;
  const { say } = useWords();
  const id = useId();
  const [file, setFile] = useState<File>();
  // The kind that was chosen last stays for the next.
  const [last, setLast] = useState<Category | RecordType>(first);
  const draft = useDraft(session, `add/${handle}`, { note: '', title: '', kind: last });
  const { note, title } = draft.value;
  const types = RECORD_TYPES.filter((each) => {
    const { authors, category: under } = RECORD_TYPE_RULES[each];
    return categories.includes(under) && (role === undefined || authors.includes(role));
  });
  // A right may have ended since the kind was chosen.
  const kind = [...types, ...categories].find((each) => each === draft.value.kind) ?? first;
  const type = RECORD_TYPES.find((each) => each === kind);
  const category = type === undefined ? (kind as Category) : RECORD_TYPE_RULES[type].category;
  const [insists, setInsists] = useState(false);
  const [isEmpty, setEmpty] = useState(false);
  const adding = useAdding();
  const finish = async (added: AddedByForm): Promise<void> => {
    // Whoever sees that it was added may type the next at once.
    setFile(undefined);
    setInsists(false);
    setLast(kind);
    // A file was added in place of the note, which nobody has signed.
    if (file !== undefined && note.trim() !== '') draft.change({ title: '' });
    else await draft.drop();
    await onAdded(added);
  };
  const add = (): void => {
    const content = file ?? new Blob([note], { type: 'text/plain' });
    setEmpty(content.size === 0);
    props.onBegin();
    if (content.size === 0) return;
    adding.start(async (options) => {
      const grant = await findGrant?.(category);
      const on = { handle, purpose, ...(grant && { grant }), ...(type && { type }) };
      if (file !== undefined && (await looksLikeFhir(file))) {
        const { addFhir } = await import('../../session/addFhir.ts');
        const records = await addFhir(party, { ...on, content: file, anotherPatient: insists });
        if (records !== undefined) {
          await finish({ title: file.name, already: records.already });
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
    <TextField
      label={says.note}
      rows={isNoteFirst ? 5 : 4}
      value={note}
      onChange={(text) => draft.change({ note: text })}
    />
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <KeptDraft draft={draft} hasFile />
      {isNoteFirst && noteField}
      <FileField
        label={says.file}
        {...(says.hint !== undefined && { hint: says.hint })}
        file={file}
        onChange={setFile}
      />
      {!isNoteFirst && noteField}
      <TextField
        label={say('add.called')}
        value={title}
        maxLength={120}
        onChange={(text) => draft.change({ title: text })}
      />
      <div className={fieldLook['field']}>
        <label htmlFor={`${id}-kind`}>{say('add.kind')}</label>
        <select
          id={`${id}-kind`}
          value={kind}
          onChange={(event) => {
            const { value } = event.target;
            const chosen = [...types, ...categories].find((each) => each === value);
            if (chosen !== undefined) draft.change({ kind: chosen });
          }}
        >
          {types.map((each) => (
            <option key={each} value={each}>
              {say(`add.type-${each}`)}
            </option>
          ))}
          {types.length > 0 && <hr />}
          {categories.map((each) => (
            <option key={each} value={each}>
              {say(`common.category-${each}`)}
            </option>
          ))}
        </select>
      </div>
      {isEmpty && <Notice kind="bad" title={say('add.empty')} />}
      <Awaiting on={adding} />
      {isMedsealError(adding.error, 'PATIENT_DIFFERS') && (
        <label className={choicesLook['choice']}>
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
