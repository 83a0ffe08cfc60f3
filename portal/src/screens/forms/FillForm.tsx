import type { Bundle } from '@medplum/fhirtypes';
import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { tellOrder, type Party } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { bytesToHex } from '../../../../src/crypto/bytes.ts';
import { CLINICAL_FORMS } from '../../../../src/fhir/forms/clinicalForms.ts';
import { unlikelyBodyMassIndex } from '../../../../src/fhir/forms/bodyMassIndex.ts';
import type { FormFieldName, FormValues } from '../../../../src/fhir/forms/FormField.ts';
import type { FormName } from '../../../../src/fhir/forms/formNames.ts';
import { hasField } from '../../../../src/fhir/forms/readFields.ts';
import { readForm } from '../../../../src/fhir/forms/readForm.ts';
import { writeFhirJson } from '../../../../src/fhir/writeFhirJson.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { describeResource } from '../../fhir/describeResource.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { addFhir, type FhirAdded } from '../../session/addFhir.ts';
import type { Person } from '../../session/people.ts';
import { peopleInRole } from '../../session/peopleInRole.ts';
import { afterReview } from '../../session/Reviewed.ts';
import { useDraft } from '../../session/useDraft.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { KeptDraft } from '../../ui/KeptDraft.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { AddFormProps } from '../add/AddForm.tsx';
import { changeField, emptyDraft, valuesShown, withoutGone } from './formDraft.ts';
import { FormFields } from './FormFields.tsx';
import { unusualSaid } from './formWords.ts';
import { SignedForm } from './SignedForm.tsx';
import fieldLook from '../../ui/Field.module.css';

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

/** The laboratory that was told of an order, or why it was not. */
interface OrderTold {
  readonly laboratory?: Person;
  readonly error?: unknown;
}

/** A filled form as it is signed. */
interface Filled extends Pick<FillFormProps, 'handle' | 'purpose' | 'findGrant' | 'form'> {
  readonly bundle: Bundle;
  /** The name of this filling. */
  readonly filling: string;
  /** The laboratory that an order names. */
  readonly laboratory?: Person;
}

const add = afterReview(async (party: Party, filled: Filled) => {
  const { handle, purpose, findGrant, form, bundle, filling } = filled;
  const grant = await findGrant?.(CLINICAL_FORMS[form].category);
  const content = new Blob([writeFhirJson(bundle)]);
  const on = { handle, purpose, ...(grant && { grant }), anotherPatient: false };
  const added = await addFhir(party, { ...on, content, filling });
  return { added, told: await told(party, filled, added) };
});

/** Tells the laboratory of an order, which is on the chart whether or not that works. */
async function told(
  party: Party,
  { handle, form, laboratory }: Filled,
  added: FhirAdded | undefined,
): Promise<OrderTold | undefined> {
  const [placed] = added?.records ?? [];
  if (form !== 'order' || placed === undefined) return undefined;
  const named = laboratory && { laboratory: laboratory.address };
  try {
    await tellOrder(party, { ...placed, handle, ...named });
    return laboratory && { laboratory };
  } catch (error) {
    return { ...(laboratory && { laboratory }), error };
  }
}

/** A clinical form: its fields, the words that are signed, and the button that puts it on the chart. */
export function FillForm(props: FillFormProps): ReactNode {
  const { form: name, session, handle, purpose, findGrant, act, onBegin, onAdded } = props;
  const { party } = session;
  const words = useWords();
  const { say } = words;
  const form = CLINICAL_FORMS[name];
  const draft = useDraft(session, `form/${handle}/${name}`, emptyDraft(form));
  const [tries, setTries] = useState(0);
  const [sent, setSent] = useState<OrderTold>();
  const people = useTask(async () => {
    const role = form.fields.find((field) => field.type === 'party')?.role;
    return role === undefined ? [] : await peopleInRole(party, role);
  }, [party, form]);
  const found = people.state === 'done' ? people.value : undefined;
  const parties = found ?? [];
  const ofDraft = valuesShown(form, draft.value, party.clock.now());
  const { values: shown, isGone } = withoutGone(form, ofDraft, found);
  const element = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    if (tries > 0) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [tries]);
  const fields = form.fields.filter((field) => hasField(form, field, shown));
  const values: FormValues = Object.fromEntries(
    fields.map((field) => [field.name, shown[field.name] ?? '']),
  );
  const read = readForm(name, values, {
    handle,
    author: party.address,
    at: seconds(party.clock),
  });
  const faults = tries > 0 ? read.faults : [];
  const change = (field: FormFieldName, value: string): void => {
    const at = { now: party.clock.now(), name: () => bytesToHex(party.random(FILLING_BYTES)) };
    draft.change(changeField(form, draft.value, [field, value], at));
  };
  const unusual = unusualSaid(fields, values, words);
  const index = unlikelyBodyMassIndex(values);
  const rare = fields.filter((field) => field.rare === true);
  const isRareUsed = rare.some(
    (field) =>
      (values[field.name] ?? '') !== '' || faults.some((fault) => fault.field === field.name),
  );
  const laboratory = parties.find(({ address }) => address === values.laboratory);
  // The form does not show a party before it is known who can be chosen.
  const isShown = laboratory !== undefined || (values.laboratory ?? '') === '';
  const common = { values, faults, parties, onChange: change };
  return (
    <form ref={element} noValidate onSubmit={(event) => event.preventDefault()}>
      {sent !== undefined && <OrderSent {...sent} />}
      <KeptDraft draft={draft} />
      <Awaiting on={people} />
      {isGone && <Notice kind="warn" title={say('forms.party-gone')} />}
      <div className={fieldLook['fields']}>
        <FormFields fields={fields.filter((field) => field.rare !== true)} {...common} />
      </div>
      <details open={isRareUsed || undefined}>
        <summary>{say('forms.more')}</summary>
        <div className={fieldLook['fields']}>
          <FormFields fields={rare} {...common} />
        </div>
      </details>
      <SignSheet
        session={session}
        wanted={
          (isShown || undefined) &&
          read.bundle && [
            {
              handle,
              purpose,
              form: name,
              bundle: read.bundle,
              filling: draft.value.filling,
              ...(laboratory && { laboratory }),
              ...(findGrant && { findGrant }),
            },
          ]
        }
        act={act}
        waits={say('add.confirming')}
        beside={props.children}
        others={{ charts: [handle], to: laboratory === undefined ? [] : [laboratory.address] }}
        onMissing={() => {
          setTries(tries + 1);
          onBegin();
        }}
        run={async (reviewed) => {
          onBegin();
          setSent(undefined);
          const { added, told: orderTold } = await add(party, reviewed);
          setSent(orderTold);
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
        {laboratory !== undefined && (
          <p>{say('orders.laboratory-signed', { who: visibleText(laboratory.name) })}</p>
        )}
        {read.bundle !== undefined && <SignedForm bundle={read.bundle} note={values.note} />}
      </SignSheet>
    </form>
  );
}

/** Says after an order whether the laboratory was told, and what it can read. */
function OrderSent({ laboratory, error }: OrderTold): ReactNode {
  const { say } = useWords();
  const who = visibleText(laboratory?.name ?? '');
  if (error !== undefined) {
    return <Failure error={error} title={say('orders.laboratory-untold', { who })} />;
  }
  return (
    <Notice kind="good" title={say('orders.laboratory-told', { who })}>
      <p>{say('orders.laboratory-reads', { who })}</p>
    </Notice>
  );
}
