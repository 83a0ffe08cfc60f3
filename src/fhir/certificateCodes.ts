/** LOINC: death certificate, and its U.S. standard form. */
export const DEATH_CERTIFICATES = ['64297-5', '69409-1'] as const;

/** LOINC: birth certificate, live birth report of provider and registry. */
export const BIRTH_CERTIFICATES = ['71230-7', '68998-4', '92011-6'] as const;
