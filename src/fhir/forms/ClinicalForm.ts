import type { Resource } from '@medplum/fhirtypes';
import type { Address, Handle } from '../../protocol/ids.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import type { FormFault, FormField, FormValues } from './FormField.ts';

/** The chart that a form is filled in for, and the moment. */
export interface FormContext {
  readonly handle: Handle;
  /** Whoever fills it in: resources name it as their author, where FHIR has a place for one. */
  readonly author: Address;
  /** The moment of filling it in, Unix seconds. */
  readonly at: number;
}

/** A small form that makes FHIR R4 resources. */
export interface ClinicalForm {
  /** Category of the record that it makes. */
  readonly category: Category;
  readonly fields: readonly FormField[];
  /**
   * Finds what is wrong between fields that are each right.
   *
   * @param values - Values that each field takes.
   */
  readonly check?: (values: FormValues) => FormFault | undefined;
  /**
   * Makes the resources.
   *
   * @param values - Values without a fault, in the form that FHIR has.
   * @param context - Patient and moment.
   */
  readonly make: (values: FormValues, context: FormContext) => readonly Resource[];
}
