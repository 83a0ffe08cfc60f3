import { useState, useSyncExternalStore, type ReactNode } from 'react';
import { FORM_NAMES, type FormName } from '../../../../src/fhir/forms/formNames.ts';
import { draftsOf } from '../../session/draftsOf.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { FillFormProps } from '../forms/FillForm.tsx';
import filtersLook from '../../ui/Filters.module.css';

/** Properties of `ChooseWhat`. */
export interface ChooseWhatProps extends Omit<FillFormProps, 'form' | 'children'> {
  /** Forms to choose from. */
  readonly forms: readonly FormName[];
  /** Stands beside the button of a form. */
  readonly beside?: ReactNode;
  /** The form of a note or a file. */
  readonly children: ReactNode;
}

/** Lets a person choose what to add: a note or a file, or one of the clinical forms. A form with a draft comes first. */
export function ChooseWhat({ forms, beside, children, ...fill }: ChooseWhatProps): ReactNode {
  const { say } = useWords();
  const { session, handle } = fill;
  const drafts = draftsOf(session);
  const begun = useSyncExternalStore(drafts.follow, () =>
    FORM_NAMES.find((name) => drafts.read(`form/${handle}/${name}`) !== undefined),
  );
  const [chosen, setChosen] = useState<FormName | 'note'>();
  // It stays open once its draft is dropped or signed.
  if (chosen === undefined && begun !== undefined) setChosen(begun);
  const wanted = chosen ?? begun ?? 'note';
  // A right may have ended since the form was begun.
  const form = forms.find((each) => each === wanted);
  if (forms.length === 0) return children;
  return (
    <>
      <div className={filtersLook['filters']} role="group" aria-label={say('add.what')}>
        {(['note', ...forms] as const).map((each) => (
          <button
            key={each}
            type="button"
            className={filtersLook['filter']}
            aria-pressed={each === (form ?? 'note')}
            onClick={() => {
              fill.onBegin();
              setChosen(each);
            }}
          >
            {say(`add.what-${each}`)}
          </button>
        ))}
      </div>
      {form === undefined ? (
        children
      ) : (
        <LoadedForm key={form} {...fill} form={form}>
          {beside}
        </LoadedForm>
      )}
    </>
  );
}

/** Loads the forms when one is chosen first. */
function LoadedForm(props: FillFormProps): ReactNode {
  const { say } = useWords();
  const loading = useTask(async () => (await import('../forms/FillForm.tsx')).FillForm, []);
  if (loading.state !== 'done') return <Awaiting on={loading} what={say('common.loading')} />;
  const Form = loading.value;
  return <Form {...props} />;
}
