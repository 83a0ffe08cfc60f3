import { ALLERGY_FORM } from './allergyForm.ts';
import type { ClinicalForm } from './ClinicalForm.ts';
import type { FormName } from './formNames.ts';
import { ORDER_FORM, REFERRAL_FORM } from './orderForms.ts';
import { PROBLEM_FORM } from './problemForm.ts';
import { VACCINATION_FORM } from './vaccinationForm.ts';
import { VITAL_SIGNS_FORM } from './vitalSignsForm.ts';

/** All clinical forms: what people fill in, and the FHIR R4 resources that it makes. */
export const CLINICAL_FORMS: Readonly<Record<FormName, ClinicalForm>> = {
  allergy: ALLERGY_FORM,
  problem: PROBLEM_FORM,
  'vital-signs': VITAL_SIGNS_FORM,
  vaccination: VACCINATION_FORM,
  order: ORDER_FORM,
  referral: REFERRAL_FORM,
};
