/**
 * The closed lists of the protocol, and bounds that commands name before they load anything else. The order of `LEDGER_ROLES` is the contracts' enumeration; the others are names.
 */

/** Roles that were there first, in the order of their numbers on the ledger. */
const FIRST_ROLES = [
  'patient',
  'doctor',
  'nurse',
  'pharmacist',
  'lab',
  'insurer',
  'researcher',
  'analyst',
  'verifier',
] as const;

/** Roles that the Registry can give a party. */
export const ROLES = [...FIRST_ROLES, 'registrar'] as const;
/** A role. */
export type Role = (typeof ROLES)[number];

/** Services whose accounts the Registry knows. */
export const SERVICES = ['agent', 'administrator', 'contributor'] as const;
/** A service. */
export type Service = (typeof SERVICES)[number];

/** Roles and services by their number on the ledger, from 1: a role that came later has a number after the services. */
export const LEDGER_ROLES = [...FIRST_ROLES, ...SERVICES, 'registrar'] as const satisfies readonly (
  Role | Service
)[];

/** Kinds of health data that a grant can cover and that each have a key of their own in every epoch. */
export const CATEGORIES = [
  'demographics',
  'encounters',
  'conditions',
  'allergies',
  'medications',
  'immunizations',
  'laboratory',
  'vitals',
  'imaging',
  'reports',
  'procedures',
  'plans',
  'coverage',
  'billing',
  'vital-records',
  'other',
  'sensitive',
] as const;
/** A category. */
export type Category = (typeof CATEGORIES)[number];

/**
 * Categories that "all" stands for: every one but `sensitive`, which holds content of any kind that is labelled so. A
 * right covers it only if it names it.
 */
export const ORDINARY_CATEGORIES: readonly Category[] = CATEGORIES.filter(
  (category) => category !== 'sensitive',
);

/** Actions that a right can allow. Withdrawing is an amendment that leaves nothing. */
export const ACTIONS = ['read', 'add', 'amend'] as const;
/** An action. */
export type Action = (typeof ACTIONS)[number];

/** HL7 v3 PurposeOfUse codes that a right can be for (http://terminology.hl7.org/CodeSystem/v3-ActReason). */
export const PURPOSES = [
  'TREAT',
  'ETREAT',
  'HPAYMT',
  'HOPERAT',
  'HRESCH',
  'PATRQT',
  'PUBHLTH',
  'BTG',
] as const;
/** A purpose of use. */
export type Purpose = (typeof PURPOSES)[number];

/** Reasons for which an operator declines an application. The applicant reads the one that was chosen. */
export const DECLINE_REASONS = [
  'not-known',
  'other-role',
  'other-organisation',
  'other-words',
  'other-key',
  'not-told',
] as const;
/** A reason to decline an application. */
export type DeclineReason = (typeof DECLINE_REASONS)[number];

/** Parameters of a consortium's chain that a change can set, with the least and the most of each; the engine has the same. */
export const PARAMETER_BOUNDS = {
  blockGas: { least: 2 ** 25, most: 60_000_000 },
  absenceWindow: { least: 1000, most: 100_000 },
} as const;
