import type { Bundle } from '@medplum/fhirtypes';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Party } from '../../../../src/client/index.ts';
import { bytesToHex } from '../../../../src/crypto/bytes.ts';
import { CLINICAL_FORMS } from '../../../../src/fhir/forms/clinicalForms.ts';
import { unlikelyBodyMassIndex } from '../../../../src/fhir/forms/bodyMassIndex.ts';
import type { FormName } from '../../../../src/fhir/forms/formNames.ts';
import type { FormField, FormFieldName, FormValues } from '../../../../src/fhir/forms/FormField.ts';
import { hasField, readForm } from '../../../../src/fhir/forms/readForm.ts';
import { writeFhirJson } from '../../../../src/fhir/writeFhirJson.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { describeResource } from '../../fhir/describeResource.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { addFhir } from '../../session/addFhir.ts';
import { afterReview } from '../../session/Reviewed.ts';
import { useDraft } from '../../session/useDraft.ts';
import { KeptDraft } from '../../ui/KeptDraft.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { AddFormProps } from '../add/AddForm.tsx';
import { changeField, emptyDraft, valuesShown } from './formDraft.ts';
import { FormFields } from './FormFields.tsx';
import { fieldLabel } from './formWords.ts';
import { SignedForm } from './SignedForm.tsx';

/** Bytes of the random name of a filling. */
const FILLING_BYTES = 16;

/** Properties of `FillForm`. */
export interface FillFormProps extends Pick<
  AddFormProps,
  'session' | 'handle' | 'purpose' | 'findGrant' | 'onBegin' | 'onAdded' | 'children'
> {
  readonly form: FormName;
  /** Words of the button that signs. */
  readonly act: string;
}

/** A filled form as it is signed. */
interface Filled extends Pick<FillFormProps, 'handle' | 'purpose' | 'findGrant' | 'form'> {
  readonly bundle: Bundle;
  /** The name of this filling. */
  readonly filling: string;
}

const add = afterReview(async (party: Party, filled: Filled) => {
  const { handle, purpose, findGrant, form, bundle, filling } = filled;
  const grant = await findGrant?.(CLINICAL_FORMS[form].category);
  const content = new Blob([writeFhirJson(bundle)]);
  const on = { handle, purpose, ...(grant && { grant }), anotherPatient: false };
  return await addFhir(party, { ...on, content, filling });
});

/** A clinical form: its fields, the words that are signed, and the button that puts it on the chart. */
export function FillForm(props: FillFormProps): ReactNode {
  const { form: name, session, handle, purpose, findGrant, act, onBegin, onAdded } = props;
  const { party } = session;
  const words = useWords();
  const { say } = words;
  const form = CLINICAL_FORMS[name];
  const draft = useDraft(session, `form/${handle}/${name}`, emptyDraft(form));
  const shown = valuesShown(form, draft.value, party.clock.now());
  const [tries, setTries] = useState(0);
  const element = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (tries > 0) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [tries]);
  const fields = form.fields.filter((field) => hasField(form, field, shown));
  const values: FormValues = Object.fromEntries(
    fields.map((field) => [field.name, shown[field.name] ?? '']),
  );
  const read = readForm(name, values, { handle, at: seconds(party.clock) });
  const faults = tries > 0 ? read.faults : [];
  const change = (field: FormFieldName, value: string): void => {
    const at = { now: party.clock.now(), name: () => bytesToHex(party.random(FILLING_BYTES)) };
    draft.change(changeField(form, draft.value, [field, value], at));
  };
  const unusual = fields
    .filter((field) => isUnusual(field, values[field.name] ?? ''))
    .map((field) => `${fieldLabel(field, words)}: ${values[field.name]}`)
    .join(', ');
  const index = unlikelyBodyMassIndex(values);
  const rare = fields.filter((field) => field.rare === true);
  const isRareUsed = rare.some(
    (field) =>
      (values[field.name] ?? '') !== '' || faults.some((fault) => fault.field === field.name),
  );
  const common = { values, faults, onChange: change };
  return (
    <form ref={element} noValidate onSubmit={(event) => event.preventDefault()}>
      <KeptDraft draft={draft} />
      <div className="fields">
        <FormFields fields={fields.filter((field) => field.rare !== true)} {...common} />
      </div>
      <details open={isRareUsed || undefined}>
        <summary>{say('forms.more')}</summary>
        <div className="fields">
          <FormFields fields={rare} {...common} />
        </div>
      </details>
      <SignSheet
        session={session}
        level={3}
        wanted={
          read.bundle && [
            {
              handle,
              purpose,
              form: name,
              bundle: read.bundle,
              filling: draft.value.filling,
              ...(findGrant && { findGrant }),
            },
          ]
        }
        act={act}
        waits={say('add.confirming')}
        beside={props.children}
        onMissing={() => {
          setTries(tries + 1);
          onBegin();
        }}
        run={async (reviewed) => {
          onBegin();
          const added = await add(party, reviewed);
          const [{ bundle }] = reviewed.wanted;
          const [first, ...others] = bundle.entry ?? [];
          const title =
            others.length > 0
              ? say(`add.what-${name}`)
              : sayFhir(describeResource(first?.resource).title, words);
          await draft.drop(draft.value);
          setTries(0);
          await onAdded({ title, already: added?.already === true });
        }}
      >
        {unusual !== '' && <Notice kind="warn" title={say('forms.unusual', { what: unusual })} />}
        {index !== undefined && (
          <Notice kind="warn" title={say('forms.unusual-index', { index: Math.round(index) })} />
        )}
        {read.bundle !== undefined && <SignedForm bundle={read.bundle} note={values.note} />}
      </SignSheet>
    </form>
  );
}

function isUnusual(field: FormField, text: string): boolean {
  if (field.type !== 'number' || field.usual === undefined || text === '') return false;
  const [low, high] = field.usual;
  const value = Number(text.replace(',', '.'));
  return value < low || value > high;
}
