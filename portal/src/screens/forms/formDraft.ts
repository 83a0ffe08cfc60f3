import type { ClinicalForm } from '../../../../src/fhir/forms/ClinicalForm.ts';
import type { FormFieldName, FormValues } from '../../../../src/fhir/forms/FormField.ts';
import { localMinute } from './localMinute.ts';

/** A clinical form as it is kept while a person fills it in. */
export type FormDraft = FormValues & {
  /**
   * A random name of this filling, empty until the person begins: who signs it again after a failure goes on with the same
   * records, and the same words filled in another time are new ones.
   */
  readonly filling: string;
  /** The day on which its moments were given; on any other day the form asks for them again. */
  readonly day: string;
};

/** The moment of now, and a name that no other filling has. */
export interface FillingNow {
  /** Unix milliseconds. */
  readonly now: number;
  readonly name: () => string;
}

/**
 * Returns a form that nobody began.
 *
 * @param form - The form.
 */
export function emptyDraft({ fields }: Pick<ClinicalForm, 'fields'>): FormDraft {
  const values = Object.fromEntries(fields.map(({ name }) => [name, '']));
  return { ...values, filling: '', day: '' };
}

/**
 * Returns the fields as they are shown. A moment is of now until the person begins. A draft of another day has no moment, so that
 * nobody signs yesterday’s for what is measured today.
 *
 * @param form - The form.
 * @param draft - Its draft.
 * @param now - Unix milliseconds.
 */
export function valuesShown(
  { fields }: Pick<ClinicalForm, 'fields'>,
  { filling, day, ...values }: FormDraft,
  now: number,
): FormValues {
  const today = localMinute(now);
  if (filling !== '' && day === today.slice(0, day.length)) return values;
  const moment = filling === '' ? today : '';
  const moments = fields.filter(({ type }) => type === 'moment').map(({ name }) => [name, moment]);
  return { ...values, ...(Object.fromEntries(moments) as FormValues) };
}

/**
 * Changes a field. The first one begins a filling, with the moment at which it is typed; a form that is blank again is one that
 * nobody began.
 *
 * @param form - The form.
 * @param draft - Its draft.
 * @param changed - The field and its text.
 * @param at - The moment, and a new name.
 */
export function changeField(
  form: Pick<ClinicalForm, 'fields'>,
  draft: FormDraft,
  [name, text]: readonly [name: FormFieldName, text: string],
  { now, name: newName }: FillingNow,
): FormDraft {
  const values: FormValues = { ...valuesShown(form, draft, now), [name]: text };
  const isBlank = form.fields.every(
    ({ type, name: each }) => type === 'moment' || (values[each] ?? '') === '',
  );
  const isMoment = form.fields.some((field) => field.name === name && field.type === 'moment');
  if (isBlank && !(isMoment && text !== '')) return emptyDraft(form);
  const filling = draft.filling === '' ? newName() : draft.filling;
  return { ...values, filling, day: localMinute(now).slice(0, 'yyyy-mm-dd'.length) };
}

/**
 * Leaves a party out that a draft names and that is not to choose any more: nobody signs a name that the form does not show.
 *
 * @param form - The form.
 * @param values - Its values, as they are shown.
 * @param parties - Those whom the person can choose; undefined until they are known.
 * @returns The values, and whether a party was left out.
 */
export function withoutGone(
  { fields }: Pick<ClinicalForm, 'fields'>,
  values: FormValues,
  parties: readonly { readonly address: string }[] | undefined,
): { readonly values: FormValues; readonly isGone: boolean } {
  const gone = fields.filter(({ name, type }) => {
    const value = values[name] ?? '';
    const isThere = parties?.some(({ address }) => address === value) ?? true;
    return type === 'party' && value !== '' && !isThere;
  });
  const blank = Object.fromEntries(gone.map(({ name }) => [name, '']));
  return { values: { ...values, ...blank }, isGone: gone.length > 0 };
}
