import { MedsealError } from '../../errors/MedsealError.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { visibleText } from '../../errors/visibleText.ts';
import { CLINICAL_FORMS } from '../../fhir/forms/clinicalForms.ts';
import { fillForm } from '../../fhir/forms/fillForm.ts';
import type { FormContext } from '../../fhir/forms/ClinicalForm.ts';
import type { FormValues } from '../../fhir/forms/FormField.ts';
import type { FormName } from '../../fhir/forms/formNames.ts';
import { readForm } from '../../fhir/forms/readForm.ts';
import { numberTextOf, type Holder } from '../../fhir/numberTexts.ts';
import { parseFhirJson } from '../../fhir/parseFhirJson.ts';
import { writeFhirJson } from '../../fhir/writeFhirJson.ts';
import { findContact } from '../contact/findContact.ts';
import type { Visitor } from '../home/openVisitor.ts';
import { formInWords } from './formInWords.ts';
import { readGiven } from '../program/readGiven.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { Source } from './readSource.ts';
import type { FORM } from './recordOptions.ts';

/** A clinical form as it was given on the command line. */
export interface FormGiven {
  readonly form: FormName;
  readonly values: FormValues;
}

/** Most characters of a value in the words that are shown before signing. */
const LONGEST = 1000;
/** Most characters of the name of a field in an error. */
const LONGEST_NAME = 40;

/**
 * Reads the values of a clinical form: those of the file, and those of `--set`.
 *
 * @param file - A JSON object of values, if one was given.
 * @param options - Of `medseal record add`.
 * @returns Undefined if no form was named.
 * @throws MedsealError `ARGUMENT_INVALID`.
 */
export async function readFormGiven(
  file: string | undefined,
  { form, set = [] }: OptionsOf<typeof FORM>,
): Promise<FormGiven | undefined> {
  if (form === undefined) {
    if (set.length === 0) return undefined;
    throw wrong('--set', 'it fills in a form; name the form with --form');
  }
  const values = new Map(file === undefined ? [] : await valuesIn(file));
  for (const [name, text] of set) {
    if (values.has(name)) throw wrong(`--set ${name}`, 'it was given twice');
    values.set(name, text);
  }
  const known = CLINICAL_FORMS[form].fields;
  const unknown = [...values.keys()].find((name) => known.every((field) => field.name !== name));
  if (unknown !== undefined)
    throw wrong(`--set ${visibleText(unknown, LONGEST_NAME)}`, formInWords(form));
  if (values.size === 0) throw wrong(`--form ${form}`, `it is empty; ${formInWords(form)}`);
  return { form, values: Object.fromEntries(values) };
}

/**
 * Returns a form with the addresses of the parties that its fields name, each confirmed in its role.
 *
 * @param visitor - Whoever fills it in.
 * @param given - The form; a party as for `findContact`.
 * @throws MedsealError `ARGUMENT_INVALID` for a party of another role; what `findContact` throws.
 */
export async function withParties(visitor: Visitor, given: FormGiven): Promise<FormGiven> {
  const values: Record<string, string> = { ...given.values };
  for (const field of CLINICAL_FORMS[given.form].fields) {
    const text = values[field.name] ?? '';
    if (field.type !== 'party' || text === '') continue;
    const { facts } = await findContact(visitor, text);
    if (facts.role !== field.role) {
      throw wrong(field.name, `must have the role ${field.role} (it is ${facts.role})`);
    }
    values[field.name] = facts.party;
  }
  return { ...given, values };
}

/**
 * Makes FHIR of a form, as if it had been given as a file.
 *
 * @param given - The form.
 * @param context - The chart, and the moment.
 * @throws MedsealError `ARGUMENT_INVALID` with the name of the first field that is wrong.
 */
export function formSource({ form, values }: FormGiven, context: FormContext): Source {
  const content = utf8ToBytes(writeFhirJson(fillForm(form, values, context)));
  const name = `the form ${form}`;
  return { name, size: content.length, beginning: content, lasts: true, content };
}

/**
 * The values that are signed with a form, each in a line: those that were given, and those that hold without being given.
 *
 * @param given - The form.
 * @param context - The chart, and the moment.
 */
export function formLines({ form, values }: FormGiven, context: FormContext): readonly string[] {
  const { read = {} } = readForm(form, values, context);
  const given = Object.entries(read).filter(
    ([name]) => name !== 'system' || read.code !== undefined,
  );
  return given.map(([name, value]) => `${name}: ${visibleText(value, LONGEST)}`);
}

async function valuesIn(file: string): Promise<readonly (readonly [string, string])[]> {
  const reason = 'it must hold a JSON object of texts and numbers, each under the name of a field';
  const value = parsed(await readGiven(file), wrong(file, reason));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(file, reason);
  return Object.entries(value).map(([name, each]: [string, unknown]) => {
    // A number has the digits that were written: of the platform's number, a long code would have others.
    const text = typeof each === 'number' ? numberTextOf(value as Holder, name) : each;
    const argument = `${file}: ${visibleText(name, LONGEST_NAME)}`;
    if (typeof text !== 'string') throw wrong(argument, 'must be a text or a number');
    return [name, text] as const;
  });
}

function parsed(bytes: Uint8Array, refusal: MedsealError): unknown {
  try {
    return parseFhirJson(bytes);
  } catch {
    throw refusal;
  }
}

function wrong(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
