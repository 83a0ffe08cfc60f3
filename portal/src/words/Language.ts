/** Languages that the portal speaks in full. */
export const LANGUAGES = ['en', 'de'] as const;
/** A language of the portal. */
export type Language = (typeof LANGUAGES)[number];
