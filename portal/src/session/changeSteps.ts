/** The steps of a change of key, in their order. */
export const CHANGE_STEPS = ['opening', 'keeping', 'asking', 'moving', 'turning'] as const;
export type ChangeStep = (typeof CHANGE_STEPS)[number];
