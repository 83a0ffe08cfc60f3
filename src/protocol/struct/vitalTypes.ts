/** The structs of births, deaths and wills that go to the ledger. */
export const VITAL_TYPES = [
  'Birth',
  'Death',
  'ConfirmVital',
  'UndoVital',
  'ObjectToVital',
  'Will',
] as const;
/** Name of such a struct. */
export type VitalType = (typeof VITAL_TYPES)[number];

/** Facts that two organisations attest of a person. Both go through the same states. */
export const VITALS = ['birth', 'death'] as const;
/** Name of it. */
export type Vital = (typeof VITALS)[number];

/** State of a birth or a death on the ledger. A report alone has no effect. */
export const VITAL_STAGES = ['none', 'reported', 'confirmed'] as const;
/** Name of such a state. */
export type VitalStage = (typeof VITAL_STAGES)[number];

/** Seconds after a confirmation in which the patient alone undoes it; the contract has the same. */
export const OBJECTION_TERM = 14 * 86_400;
