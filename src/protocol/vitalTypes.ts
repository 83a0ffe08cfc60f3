/** The structs of births, deaths and wills that go to the ledger. */
export const VITAL_TYPES = [
  'Birth',
  'Death',
  'ConfirmDeath',
  'UndoDeath',
  'ObjectToDeath',
  'Will',
] as const;
/** Name of such a struct. */
export type VitalType = (typeof VITAL_TYPES)[number];
