import type { CodeableConcept } from '@medplum/fhirtypes';
import { hasLuhnDigit, hasVerhoeffDigit } from './checkDigit.ts';
import type { FormFault, FormField, FormValues } from './FormField.ts';

/** A code system that forms take codes of. */
interface CodeSystem {
  readonly uri: string;
  /** Form of its codes. */
  readonly form: RegExp;
  /** Tells whether the last digit of a code is right, of systems whose codes have one to tell a slip of the hand. */
  readonly isChecked?: (digits: string) => boolean;
}

/** Code systems by their names, which are the same in every language. */
const CODE_SYSTEMS = {
  ATC: { uri: 'http://www.whocc.no/atc', form: /^[A-Z](?:\d\d(?:[A-Z](?:[A-Z](?:\d\d)?)?)?)?$/ },
  CVX: { uri: 'http://hl7.org/fhir/sid/cvx', form: /^\d{1,3}$/ },
  'ICD-10': { uri: 'http://hl7.org/fhir/sid/icd-10', form: /^[A-Z]\d\d(?:\.\d{1,3})?$/ },
  LOINC: { uri: 'http://loinc.org', form: /^\d{1,7}-\d$/, isChecked: hasLuhnDigit },
  RxNorm: { uri: 'http://www.nlm.nih.gov/research/umls/rxnorm', form: /^[1-9]\d{0,7}$/ },
  'SNOMED CT': {
    uri: 'http://snomed.info/sct',
    form: /^[1-9]\d{5,17}$/,
    isChecked: hasVerhoeffDigit,
  },
} as const satisfies Record<string, CodeSystem>;

type SystemName = keyof typeof CODE_SYSTEMS;

/**
 * The two fields of a code: the code, and the system that it is of.
 *
 * @param first - The system that holds if none is chosen.
 * @param others - Other systems to choose from.
 */
export function codeFields(first: SystemName, ...others: readonly SystemName[]): FormField[] {
  return [
    { name: 'code', type: 'text', longest: 18, rare: true },
    { name: 'system', type: 'choice', choices: [first, ...others], first, rare: true },
  ];
}

/**
 * Finds a code that is malformed for its system, or has a wrong check digit.
 *
 * @param values - Values of a form with `codeFields`.
 */
export function codeFault({ code, system = '' }: FormValues): FormFault | undefined {
  if (code === undefined) return undefined;
  const { form, isChecked } = systemOf(system) ?? {};
  const isChecksum = isChecked?.(code.replace('-', '')) ?? true;
  if (form?.test(code) === true && isChecksum) return undefined;
  return { field: 'code', fault: 'not-a-code', limit: system };
}

/**
 * Makes the concept of a form with `codeFields`.
 *
 * @param text - The author's words.
 * @param values - Values of the form.
 */
export function codedText(text: string, { code, system = '' }: FormValues): CodeableConcept {
  const uri = systemOf(system)?.uri;
  return {
    ...(code !== undefined && uri !== undefined && { coding: [{ system: uri, code }] }),
    text,
  };
}

/**
 * Returns the name of a code system.
 *
 * @param uri - Its address.
 * @returns Undefined if forms take no codes of it.
 */
export function systemNameOf(uri: string): string | undefined {
  return Object.entries(CODE_SYSTEMS).find(([, system]) => system.uri === uri)?.[0];
}

function systemOf(name: string): CodeSystem | undefined {
  return Object.hasOwn(CODE_SYSTEMS, name) ? CODE_SYSTEMS[name as SystemName] : undefined;
}
