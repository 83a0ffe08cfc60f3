/** Largest size of the whole client, bundled for a browser and minified, in bytes; docs/sdk.md states it. */
export const CLIENT_BUDGET = { minified: 433_000, compressed: 155_000 } as const;

/** Largest size of the packed package, in bytes; docs/sdk.md states it. */
export const PACKED_BUDGET = 1_125_000;
