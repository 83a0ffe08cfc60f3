import {
  constant,
  constantFrom,
  date,
  integer,
  option,
  string,
  subarray,
  type Arbitrary,
  record,
} from 'fast-check';
import { CLINICAL_FORMS } from '../clinicalForms.ts';
import { FORM_NAMES, type FormName } from '../formNames.ts';
import type { FormField, FormValues } from '../FormField.ts';
import { readForm } from '../readForm.ts';

/** The moment at which forms of tests are filled in. */
export const FILLED = {
  handle: `0x${'5a'.repeat(32)}`,
  author: `0x${'d0'.repeat(20)}`,
  at: 1_790_000_000,
} as const;

/** A form with values that it takes. */
export interface FormFilled {
  readonly name: FormName;
  readonly values: FormValues;
}

/** Any form with any values that it takes. */
export const arbitraryForm: Arbitrary<FormFilled> = constantFrom(...FORM_NAMES).chain((name) =>
  record(
    Object.fromEntries(
      CLINICAL_FORMS[name].fields.map((field) => [field.name, arbitraryValue(field)]),
    ),
  )
    .map((values) => ({ name, values: fitting(name, values as FormValues) }))
    .filter(({ values }) => readForm(name, values, FILLED).faults.length === 0),
);

/** Leaves out what another field says has no place, and codes, which are seldom of their system. */
function fitting(name: FormName, values: FormValues): FormValues {
  const { code: _, ...rest } = values;
  const unfit = new Set(
    readForm(name, rest, FILLED)
      .faults.filter(({ fault, field }) => fault !== 'missing' || field === 'systolic')
      // Without the upper value of a blood pressure, the lower one has no place.
      .map(({ fault, field }) => (fault === 'missing' ? 'diastolic' : field)),
  );
  return Object.fromEntries(
    Object.entries(rest).filter(([field, value]) => !unfit.has(field as never) && value !== ''),
  );
}

function arbitraryValue(field: FormField): Arbitrary<string> {
  const given = givenValue(field);
  return field.required === true ? given : option(given, { nil: '' });
}

function givenValue(field: FormField): Arbitrary<string> {
  switch (field.type) {
    case 'text':
      return string({ unit: 'grapheme', minLength: 1, maxLength: Math.floor(field.longest / 10) });
    case 'choice':
      return constantFrom(...field.choices);
    case 'several':
      return subarray([...field.choices], { minLength: 1 }).map((each) => each.join(' '));
    case 'clock':
      return constantFrom('8:00', '08:00, 20:30');
    case 'number':
      return integer({ min: Math.ceil(field.low), max: Math.floor(field.high) }).map(String);
    case 'party':
      return constant(`0x${'1a'.repeat(20)}`);
    case 'day':
    case 'partial':
    case 'moment':
      return date({ min: new Date('1900-01-01'), max: new Date('2026-01-01'), noInvalidDate: true })
        .map((each) => each.toISOString())
        .chain((text) =>
          field.type === 'moment'
            ? constant(text.slice(0, 16))
            : field.type === 'day'
              ? constant(text.slice(0, 10))
              : constantFrom(text.slice(0, 10), text.slice(0, 7), text.slice(0, 4)),
        );
  }
}
